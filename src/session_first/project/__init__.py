"""Many files: facts in, a plan out."""
