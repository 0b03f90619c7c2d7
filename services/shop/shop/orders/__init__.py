"""What was bought: the record of orders, lines and totals."""
