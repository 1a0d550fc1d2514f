"""Reads VCF: what lines an input holds, what its header declares, and whether its records keep the rules."""
