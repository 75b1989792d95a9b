"""Builders of the tables under ``calibration/data``, one function a table."""
