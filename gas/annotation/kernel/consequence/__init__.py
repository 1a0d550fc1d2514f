"""What an allele does to the transcripts near it, in the words of the Sequence Ontology and HGVS."""
