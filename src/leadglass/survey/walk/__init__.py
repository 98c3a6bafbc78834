"""The order in which a survey visits its targets, and how far it has come."""
