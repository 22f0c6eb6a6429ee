"""What staff write with."""
