"""The products that licenses are for: names and the applications they unlock."""
