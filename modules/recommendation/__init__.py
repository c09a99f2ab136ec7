"""Learn what people like and suggest more."""
