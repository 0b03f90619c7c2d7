"""OAuth clients: the platform's own, the vendor's applications, partners' integrations."""
