"""The operators' editor in /cms/: drafts of forms, rubrics and plans, what stands in the way, and what versions differ in."""
