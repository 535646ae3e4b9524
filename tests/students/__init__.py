"""Tests of tools/students, a file for each module."""
