"""Pages about modules and samples, made from what is declared, and the examples on them."""
