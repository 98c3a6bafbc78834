"""Leadglass is measured beside the tools that do the same, in one run on one machine: `python -m bench`."""
