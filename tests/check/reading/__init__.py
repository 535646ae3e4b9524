"""Tests of seqgrad/check/reading, a file for each module."""
