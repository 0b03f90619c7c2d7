"""May this person use this product at this moment, why, and until when."""
