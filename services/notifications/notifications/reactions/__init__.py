"""What this service does when the others speak: which event asks for which mail, once."""
