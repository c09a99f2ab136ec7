"""Artifacts, addressed by their content. Pure: no framework."""
