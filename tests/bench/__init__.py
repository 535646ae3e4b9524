"""Tests of tools/bench, a file for each module."""
