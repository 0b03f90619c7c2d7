"""What news of a subscription mean for its license."""
