"""What pages and the genome view ask of reference bundles: files, genes, places."""
