"""Measurements of speed, each against something plain in the same run: ``make bench``."""
