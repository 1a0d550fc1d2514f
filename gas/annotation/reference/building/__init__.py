"""Makes bundles: each module turns one kind of source into one part of a bundle, streaming."""
