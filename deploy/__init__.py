"""How Portico is put to work: the local platform, images, units, runbooks."""
