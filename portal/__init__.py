"""The pages that read everything: the start, a community's home and its way, the public status."""
