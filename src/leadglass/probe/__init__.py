"""The few questions that touch the wire: each states its cost in connections and yields facts, never a record."""
