"""Pages of the hubs' room: a community's own, and the engineers'."""
