"""How the bought seats are used."""
