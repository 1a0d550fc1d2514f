"""The text, the index, the tables and the counts of annotated records."""
