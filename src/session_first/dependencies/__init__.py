"""Files that import a library in, the requirement in the file that declares their dependencies out."""
