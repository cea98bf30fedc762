"""What people, programs and git get to read."""
