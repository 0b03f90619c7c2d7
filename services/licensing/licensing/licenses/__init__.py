"""What subscriptions and one-off purchases grant: a term and a number of seats."""
