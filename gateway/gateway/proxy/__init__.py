"""The hot path: what a service answers goes through here, nothing of it is parsed."""
