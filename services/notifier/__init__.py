"""Mails users what became of their jobs."""
