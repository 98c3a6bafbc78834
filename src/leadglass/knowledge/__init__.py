"""What is known about products, protocols, clauses and advisories stands in tables, each row with its source."""
