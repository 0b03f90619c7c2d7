"""What the shop does when other services speak."""
