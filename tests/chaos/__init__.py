"""Faults on purpose: whatever ends, stalls or is cut off, runs come to a definite and right state."""
