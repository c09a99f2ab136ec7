"""Runs: executions of frozen plans, their steps and their events."""
