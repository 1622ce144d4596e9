"""Services: a desk per room, and the unit of work that every verb is done in."""
