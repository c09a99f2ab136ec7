"""Fit learners."""
