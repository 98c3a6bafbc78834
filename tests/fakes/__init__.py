"""Peers that say what a test scripted, on loopback alone."""
