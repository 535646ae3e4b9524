"""Tests of seqgrad/check/probing, a file for each module."""
