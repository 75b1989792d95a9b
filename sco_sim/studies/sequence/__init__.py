"""The order of texts and of chairs."""
