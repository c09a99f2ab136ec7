"""Learners that find groups."""
