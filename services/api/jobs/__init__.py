"""What users do with jobs: one module a matter, for pages and REST alike."""
