"""Bring tables in and take them out."""
