"""Consequences as bcftools csq calls them, in the BCSQ field."""
