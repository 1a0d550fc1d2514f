"""The services of GAS, each a process of its own. None imports another."""
