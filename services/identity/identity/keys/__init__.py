"""The keys that sign tokens, how they take turns, and the vault that keeps them unreadable at rest."""
