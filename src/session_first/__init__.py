"""Finds boto3 code that hides its session, and rewrites it to take one."""

__version__ = "0.1.0"
