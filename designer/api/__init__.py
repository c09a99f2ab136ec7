"""HTTP: one file for each resource, one table of error answers."""
