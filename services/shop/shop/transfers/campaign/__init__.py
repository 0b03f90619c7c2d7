"""The campaign of a transfer: announcement, reminder, the day itself, activation reminders, settling."""
