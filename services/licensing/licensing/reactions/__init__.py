"""What licensing does when other services speak."""
