"""Drafts: pipelines that people edit."""
