"""What every test stands on: real servers, a service in this process, callers with tokens, patience without sleeping."""
