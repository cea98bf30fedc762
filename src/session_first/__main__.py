"""`python -m session_first`."""

from session_first.cli import main

if __name__ == "__main__":
    main()
