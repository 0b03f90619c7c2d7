"""What operators do with one customer's transfer: retry, postpone, put back."""
