"""Customers: the record, its addresses, and what may be done in their name."""
