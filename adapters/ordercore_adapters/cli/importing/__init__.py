"""The importer: transaction lines of another system become orders of the shop."""
