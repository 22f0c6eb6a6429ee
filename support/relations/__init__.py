"""Tickets that belong together: merged, split, related, and the panels beside one."""
