"""Products an organization means to buy one day."""
