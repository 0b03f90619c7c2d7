"""One-time links that are mailed: minted, looked at, consumed."""
