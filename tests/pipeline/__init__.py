"""What the stages come to when they are put together."""
