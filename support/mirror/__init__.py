"""The mirror as people meet it: what waits, what clashes, whose company is whose, and whether Freshdesk is away."""
