"""How much is exposed, with the fewest records touched: identifiers go in, numbers come out."""
