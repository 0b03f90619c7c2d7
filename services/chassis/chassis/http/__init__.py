"""The HTTP edge of every service: problems, pages of lists, idempotency, context."""
