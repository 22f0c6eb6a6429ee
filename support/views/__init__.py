"""Pages of the desk and of a community's tickets."""
