"""Stored forms: a module per room with its row classes and the declaration of its tables."""
