"""Tests of tools/site, a file for each module."""
