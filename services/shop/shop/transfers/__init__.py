"""The transfer: every customer of the legacy shop moves here, once, with everything that goes on running."""
