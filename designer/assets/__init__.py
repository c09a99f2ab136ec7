"""Datasets: named, versioned and shared in a workspace."""
