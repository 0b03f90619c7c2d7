"""The business-free kit every Portico service stands on."""
