"""Ports: what the core asks of the world, each promise in words."""
