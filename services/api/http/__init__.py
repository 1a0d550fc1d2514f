"""What surrounds every request and every answer."""
