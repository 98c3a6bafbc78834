"""Facts become findings: every check gives exactly one finding for every target."""
