"""What people are told: which kinds by which channel, when a mail may come, and the mails themselves."""
