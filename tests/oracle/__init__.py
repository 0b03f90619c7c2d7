"""A second opinion about exports of the legacy shop, written from the rule book alone, sharing no code with the shop."""
