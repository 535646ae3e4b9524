"""Tests of tools/reader, a file for each module."""
