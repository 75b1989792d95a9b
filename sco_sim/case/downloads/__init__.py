"""Files as their publishers hand them out: recognised by their columns, with units converted and reported."""
