"""Tests of seqgrad/check, a file for each of its."""
