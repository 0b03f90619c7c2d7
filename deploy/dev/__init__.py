"""The whole platform on one machine, on real parts: PostgreSQL, NATS with JetStream, an SMTP sink, five services."""
