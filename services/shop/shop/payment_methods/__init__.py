"""Cards and SEPA mandates, as the payment provider's tokens; never a card number."""
