"""Tests of `leadglass.survey.intake`."""
