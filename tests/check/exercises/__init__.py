"""Tests of seqgrad/check/exercises, a file for each module."""
