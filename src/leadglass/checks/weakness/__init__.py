"""Each file in here is one weakness: its name is the id of the check, and nothing else registers it."""
