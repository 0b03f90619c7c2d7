"""The customer companies as licensing knows them: name, language, time zone."""
