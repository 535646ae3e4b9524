"""Tests of seqgrad/check/naming, a file for each module."""
