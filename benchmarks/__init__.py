"""What the tool does to published packages, and how long it takes."""
