"""How much an archive holds is known from a few thousand of its records, chosen by chance (`docs/sampling.md`)."""
