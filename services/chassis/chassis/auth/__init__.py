"""Who calls, and what they may do: access tokens verified locally, revocations known within moments."""
