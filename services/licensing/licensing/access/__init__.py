"""Who may see and change what: the caller of a route and the organization they act for."""
