"""Writing an answer at the desk: drafts, macros and their placeholders, and taking back what has not left yet."""
