"""Commands: read arguments, put parts together, exit code."""
