"""Which tax a sale bears: rates by country, reverse charge."""
