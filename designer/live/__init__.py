"""Websockets: authenticate, join, forward."""
