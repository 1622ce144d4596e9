"""Shopping lists: what a customer wants again and again, and when."""
