"""Who did what to a license or an assignment, and when."""
