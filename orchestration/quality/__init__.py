"""Great Expectations at the border: the suites of every raw feed, run inside DuckDB."""
