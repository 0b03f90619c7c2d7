"""The shop's database, step by step."""
