"""People who can sign in: one e-mail address, one password, one state."""
