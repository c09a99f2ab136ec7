"""Clean, select, combine and split tables."""
