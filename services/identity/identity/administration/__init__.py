"""What operators do with accounts."""
