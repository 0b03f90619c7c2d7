"""The mails: one folder each, with its texts in four languages, and what turns them into HTML and plain text."""
