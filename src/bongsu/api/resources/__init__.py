"""One file a resource: what may be asked of it, and what may be done to it."""
