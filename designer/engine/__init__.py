"""Order of steps, reuse, step processes. Pure: no framework."""
