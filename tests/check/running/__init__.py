"""Tests of seqgrad/check/running, a file for each module."""
