"""The archive in a Glacier vault, with what it needs: docs/archive.md."""
