"""Questions about a whole project."""
