"""Run R between nodes."""
