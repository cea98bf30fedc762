"""What the tool must do; a folder here for a folder of the sources."""
