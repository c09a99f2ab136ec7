"""The machine-learning library: plain typed functions, usable without the product."""
