"""Who somebody is, and what the workers are told of it."""
