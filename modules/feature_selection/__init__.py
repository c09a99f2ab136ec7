"""Which columns tell something about the label."""
