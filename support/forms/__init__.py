"""What people type and choose, by what it is about."""
