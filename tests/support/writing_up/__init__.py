"""Articles written from tickets."""
