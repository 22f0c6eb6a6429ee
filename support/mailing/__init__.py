"""Mail that comes in: read, judged, and taken into its ticket, or left out with a reason that an operator can look up."""
