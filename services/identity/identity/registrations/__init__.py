"""New customers who come by themselves."""
