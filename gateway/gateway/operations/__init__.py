"""What supervisors, crawlers and browsers ask before anybody is signed in."""
