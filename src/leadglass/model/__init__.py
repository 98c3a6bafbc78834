"""Frozen values that everyone shares; no I/O, no other room."""
