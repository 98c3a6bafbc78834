"""Tests of the questions that touch the wire."""
