"""The pages of the knowledge bases: reading, searching, and the files that articles show."""
