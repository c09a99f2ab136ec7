"""Where requests enter a pipeline and answers leave it."""
