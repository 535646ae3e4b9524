"""Tests of tools/grade, a file for each module."""
