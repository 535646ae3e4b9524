"""Tests of tools/release, a file for each module."""
