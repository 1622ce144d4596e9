"""Values: small immutable things that every room speaks in."""
