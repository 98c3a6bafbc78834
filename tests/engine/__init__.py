"""Tests of `leadglass.survey.engine`."""
