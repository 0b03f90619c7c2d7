"""NATS JetStream: the relay that publishes the outbox, the consumers that react, the streams they meet on."""
