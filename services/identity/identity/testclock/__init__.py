"""The movable business clock of development and test."""
