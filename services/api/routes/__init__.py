"""The routes: each reads a request, makes one call, and answers with a view."""
