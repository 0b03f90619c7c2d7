"""Which optional mails a person wants."""
