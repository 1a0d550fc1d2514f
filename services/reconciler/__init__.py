"""Makes the system converge even with every message lost (rule R6)."""
