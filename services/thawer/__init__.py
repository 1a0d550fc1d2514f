"""Brings retrieved results back to where they can be downloaded."""
