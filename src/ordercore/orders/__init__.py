"""Orders: what was sold to whom, and the flow that an order walks through."""
