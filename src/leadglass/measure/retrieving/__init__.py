"""How many of the listed images would be handed over, from a few studies that are asked for and never fetched."""
