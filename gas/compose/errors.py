"""What can be wrong with a Compose stack."""


class ComposeError(Exception):
    """Why the stack does not run, as a sentence for whoever wanted it."""
