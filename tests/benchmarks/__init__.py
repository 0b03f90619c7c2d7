"""Measurements: tables for people. Nothing here asserts on the clock."""
