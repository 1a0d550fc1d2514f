"""Takes a chunk of text apart: splits and checks its lines, places its alleles on the reference."""
