"""Tests of seqgrad/check/released, a file for each module."""
