"""The transfer of one customer: everything in one database transaction, so it happened or it did not."""
