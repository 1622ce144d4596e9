"""Messages: what the shop writes to customers and to the merchant, and how it looks."""
