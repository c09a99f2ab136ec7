"""The module library: plain, typed Python functions, usable without the product."""
