"""Tests of seqgrad/check/judging, a file for each module."""
