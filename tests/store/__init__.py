"""Tests of `leadglass.store`."""
