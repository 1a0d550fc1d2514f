"""Moves the results of Free users to the archive when their time has come."""
