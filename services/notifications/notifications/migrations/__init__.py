"""How the database of notifications came to be."""
