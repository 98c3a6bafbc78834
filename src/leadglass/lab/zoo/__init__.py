"""Hostile and broken servers, each a few lines with a name: what they do to a caller is what real ones might do."""
