"""Asks the archive for the results of users who became Premium."""
