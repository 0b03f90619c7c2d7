"""The payment providers behind the port."""
