"""What the gateway does when other services speak."""
