"""Surveys, their shards and their results, in SQLite or PostgreSQL."""
