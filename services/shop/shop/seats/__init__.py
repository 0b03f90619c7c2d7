"""What license management knows about the seats of a subscription: asked before fewer are planned."""
