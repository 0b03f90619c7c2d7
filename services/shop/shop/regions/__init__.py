"""Where we sell: countries, currency, tax mode, language and time zone."""
