"""What is known about products, clauses and rules stands here in tables, each row with its source."""
