"""The running agreements: renewal, payment retries, cancellation, quantity."""
