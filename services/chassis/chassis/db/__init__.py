"""PostgreSQL: tables of the kit, transactions with an outbox, migrations."""
