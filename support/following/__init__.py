"""A ticket that has changed is followed once: rules run, watchers are told, and the version up to which that happened is kept."""
