"""Rules of the desk: what they look at, what they do, how they are tried and counted."""
