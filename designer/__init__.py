"""Designer: compose, run, watch and read machine-learning pipelines in the browser."""
