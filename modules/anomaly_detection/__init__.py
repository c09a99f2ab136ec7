"""Learners that find rows unlike the others, and their training."""
