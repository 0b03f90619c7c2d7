"""The way out: MIME, kept SMTP sessions, and the links that are fetched when a mail leaves."""
