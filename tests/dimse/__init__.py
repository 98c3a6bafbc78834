"""DIMSE servers of many habits, assessed and counted as the command does it."""
