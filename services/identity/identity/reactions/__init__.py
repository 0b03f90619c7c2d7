"""What identity does when other services speak."""
