"""Sign-in sessions: who is signed in, in which browser, since when."""
