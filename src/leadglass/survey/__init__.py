"""Runs over targets: probes collect, checks judge, and a target's failure is a value."""
