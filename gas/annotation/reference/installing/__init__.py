"""Installs bundles: fetches what a recipe names or what others built, and switches in one step."""
