"""Open pages are told when what they show may have changed."""
