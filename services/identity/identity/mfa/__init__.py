"""The second factor: an authenticator application and recovery codes."""
