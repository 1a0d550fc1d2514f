"""Reference bundles: genomes with their genes, known variants and region tracks."""
