"""A forgotten password: a neutral page, a link by mail, a new password."""
