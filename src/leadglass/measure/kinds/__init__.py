"""Which kinds of data a stranger could read, from few records, as shares and never as values."""
