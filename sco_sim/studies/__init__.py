"""Studies: what is asked of many runs."""
