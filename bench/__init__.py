"""What the figures of our promises are, measured in one run: `make bench`."""
