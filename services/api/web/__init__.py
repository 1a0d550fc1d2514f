"""The pages: each module has the routes of one of them. ``rendering`` and ``access`` serve them all."""
