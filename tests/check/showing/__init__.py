"""Tests of seqgrad/check/showing, a file for each module."""
