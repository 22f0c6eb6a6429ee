"""Whatever deploys hubs, behind one interface."""
