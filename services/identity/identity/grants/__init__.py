"""What people have granted to clients: consents that last, and the grants behind tokens."""
