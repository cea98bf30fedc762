"""Findings, plans and outcomes to text, JSON and diffs; nothing here reads or writes a file."""
