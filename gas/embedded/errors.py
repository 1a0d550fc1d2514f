"""What can keep the embedded stack from running."""


class StackError(Exception):
    """A sentence for the user: what is wrong, and what helps."""
