"""A survey is run by workers: shards are leased, walked, and their results written with their progress."""
