"""Export and erasure of a customer's personal data."""
