"""Composes the stages over a repository: paths and settings to a plan, to new bytes, to written files."""
