"""Tags of the shell that every page stands in."""
