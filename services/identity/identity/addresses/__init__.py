"""A person's e-mail address changes: the new one is verified, the old one is told."""
