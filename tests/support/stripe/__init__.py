"""A stand-in for Stripe, and events in the shape in which Stripe posts them."""
