"""Tests of tools/course, a file for each module."""
