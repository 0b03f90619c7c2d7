"""What people see and change of themselves: the self API and the account page."""
