"""Tests of seqgrad/check/exercises, a file for each of its."""
