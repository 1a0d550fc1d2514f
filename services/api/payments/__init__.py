"""Paying for the Premium plan, where the operator has set up a payment service."""
