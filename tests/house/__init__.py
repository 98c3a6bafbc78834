"""Tests of the house: rules of design.md that no single room can keep alone."""
