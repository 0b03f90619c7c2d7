"""The page behind “Activate your account”: a password is chosen, the account opens."""
