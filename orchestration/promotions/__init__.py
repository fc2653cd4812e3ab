"""What promotions did: orders gained by a promotion, and orders that were filled up to its threshold.

Pure functions over arrays. `sql_functions` makes them callable from SQL; no module here reads a file or a database.
"""
