"""Joins alleles with tables of known variants and with regions."""
