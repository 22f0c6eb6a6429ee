"""Clusters and hubs read from a folder of configuration files."""
