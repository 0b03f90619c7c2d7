"""Events for partners' systems: signed, in order, retried."""
