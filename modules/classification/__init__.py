"""Learners that predict a class."""
