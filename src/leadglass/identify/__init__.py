"""Facts become software: pure functions over what the probes observed."""
