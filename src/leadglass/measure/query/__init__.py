"""Counting by C-FIND: what streams in over an association."""
