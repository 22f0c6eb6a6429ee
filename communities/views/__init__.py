"""Pages of the communities' room."""
