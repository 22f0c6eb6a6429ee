"""The machinery every room stands on: states, actors, mail, files, the sweep, sanitising, search, paging."""
