"""Orders that advertising causes: adstock, saturation, their fit with intervals, and the split of a budget.

Pure functions over arrays. `sql_functions` makes them callable from SQL; no module here reads a file or a database.
"""
