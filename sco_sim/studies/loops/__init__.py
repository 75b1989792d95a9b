"""The loops of the documents: how much of a push comes back after one round."""
