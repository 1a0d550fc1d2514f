"""What the api answers with: the public shapes, apart from the domain's own.

Sizes are in bytes, times are ISO 8601 in UTC, SHA-256 in hexadecimal.
"""
