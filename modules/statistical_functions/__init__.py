"""Figures that describe tables."""
