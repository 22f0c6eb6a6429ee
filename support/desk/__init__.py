"""The desk as one person has it: what they have read and where they are, their views, their list and their keys."""
