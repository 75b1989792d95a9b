"""The largest numbers that are accepted: they keep a slip of the finger from filling the memory or the store."""

MOST_WORLDS = 1_000_000
"""Worlds of a run, and of each point of a sweep; replicates too."""

MOST_SEED = 2**63 - 1
"""Largest seed, and largest number of a world: the store keeps them as signed integers of 64 bits."""

MOST_WORKERS = 256
"""Worker processes."""

MOST_BATCH = 4096
"""Worlds simulated together."""
