"""Lifecycle: products that run out, and a word to the customer before they do."""
