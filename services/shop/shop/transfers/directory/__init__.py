"""The customers known from the last exports: whom a wave can take."""
