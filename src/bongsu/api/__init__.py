"""The REST interface: one file a resource; the same actions and queries as the screens."""
