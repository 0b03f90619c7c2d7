"""The seats of one license: who holds them, and giving them to many at once."""
