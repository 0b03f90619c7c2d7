"""Mails and partner webhooks."""
