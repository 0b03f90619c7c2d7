"""Reconciliation, funnel, follow-up list and release list of a wave."""
