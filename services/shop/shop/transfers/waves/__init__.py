"""Waves: the customers that move on one date, planned, checked, scheduled, paused, cancelled by operators."""
