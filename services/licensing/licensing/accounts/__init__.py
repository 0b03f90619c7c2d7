"""Which address an account has, as far as identity has told."""
