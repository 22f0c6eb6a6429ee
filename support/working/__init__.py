"""Work on a ticket: its half hour, checklist, time, tags and rest, and what is done to many at once."""
