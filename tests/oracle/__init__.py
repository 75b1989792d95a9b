"""A slow, independent twin of the model: one world, agents and edges, written from docs/model.md only."""
