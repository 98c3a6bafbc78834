"""A small server of our own on loopback, whose archive is made up: for the demonstration, the tests and the benches."""
