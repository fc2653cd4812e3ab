"""Record: what is kept about a landing: the archive, the ledger of files and rows, and the report."""
