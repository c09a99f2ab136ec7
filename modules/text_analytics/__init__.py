"""Turn text into tables."""
