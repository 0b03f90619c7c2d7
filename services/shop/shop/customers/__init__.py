"""The buying organizations as the shop knows them: billing address, VAT id, region, people."""
