"""Sentences about seqgrad: one file for each module, each test named by what it says."""
