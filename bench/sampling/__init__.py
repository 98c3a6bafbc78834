"""How true a sampler is, on seeded archives in process: `docs/sampling.md` is made from what this finds."""
