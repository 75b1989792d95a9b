"""Simulations with a known truth: the coverage of every interval that is reported, and how often verdicts are wrong."""
