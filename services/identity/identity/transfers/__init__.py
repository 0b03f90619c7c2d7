"""Customers who move over from the old shop: how they arrive here, and how they are put back."""
