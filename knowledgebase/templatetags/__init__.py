"""Words of the knowledge base on other rooms' pages."""
