"""Tests of the wire: every message in every way that a peer may cut, mix up or break it."""
