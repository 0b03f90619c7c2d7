"""Invoices: gap-free numbers, PDF and XML."""
