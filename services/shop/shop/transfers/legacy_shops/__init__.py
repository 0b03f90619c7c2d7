"""The legacy shop behind a protocol: one adapter per kind of export."""
