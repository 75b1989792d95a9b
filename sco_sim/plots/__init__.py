"""Figures, from stored runs only."""
