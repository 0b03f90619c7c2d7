"""The queue of mails: every mail once, from the event that asks for it to the mail server's answer."""
