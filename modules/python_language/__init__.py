"""Modules that run Python of the user."""
