"""The `parkwatch` command: reads arguments, calls the layer below, prints in the user's language."""
