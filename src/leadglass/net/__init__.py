"""The only opener of sockets: scope gate, budgets, deadlines, TLS; others are handed a dialer that obeys them."""
