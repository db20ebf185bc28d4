"""Looks an instance over, from the settings to the mail, and says what to do."""
