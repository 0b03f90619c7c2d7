"""What the App Portal can open, and for whom."""
