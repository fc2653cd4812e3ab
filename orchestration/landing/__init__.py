"""Landing: exports in, `raw.*` out, every row accounted for.

`land.py` is the place to start reading: it lands the inbox, `replay.py` everything from the archive,
`batch.py` is one landing and `file_landing.py` one file of it. Below them, each reading only the next ones:

- `redact`: delivered contents without persons who were removed
- `record`: the archive, the ledger and the report of a landing
- `write`: rows into raw, by the key of the contract, in tables or a lake
- `check`: from text to typed rows, and what makes a row bad
- `read`: from a file to headers and untyped text
"""
