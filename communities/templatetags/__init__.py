"""Words of the communities' pages."""
