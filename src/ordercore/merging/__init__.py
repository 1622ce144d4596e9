"""Merging: two customer records of one person become one, and can become two again."""
