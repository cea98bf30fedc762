"""One file's facts: a standard library tree in, `ModuleFacts` out."""
