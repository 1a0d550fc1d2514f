"""All variants of a result, filtered, sorted, paged, counted and exported by DuckDB."""
