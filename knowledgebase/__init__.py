"""Shared and per-community articles, search, suggestions, and the blocks that start a hub request."""
