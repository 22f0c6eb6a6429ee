"""Who we serve, who belongs to them, and who is responsible for what."""
