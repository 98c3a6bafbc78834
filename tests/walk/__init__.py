"""Tests of `leadglass.survey.walk`."""
