"""How a service is configured and watched."""
