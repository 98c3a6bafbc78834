"""Tests of the few questions that touch the wire."""
