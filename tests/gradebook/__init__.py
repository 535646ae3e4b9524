"""Tests of tools/gradebook, a file for each module."""
