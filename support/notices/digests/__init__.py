"""The daily mails: a person's notices of the day, and what is overdue for who triages."""
