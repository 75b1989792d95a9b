"""What a notebook gets."""
