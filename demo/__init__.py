"""A world on loopback: the Freshdesk simulator, a mailbox, and a story told through the public functions."""
