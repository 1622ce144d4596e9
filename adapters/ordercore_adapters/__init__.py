"""Adapters: the technologies behind the ports of ordercore, one folder each."""
