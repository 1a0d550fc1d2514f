"""Gene models: transcripts with their exons and coding regions."""
