"""People of the desk: the contact an address stands for, who is away, and what is held on one of them."""
