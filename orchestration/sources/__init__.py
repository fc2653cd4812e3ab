"""Databases and APIs, fetched into files of the inbox, which land like every other file.

`fetch.py` is the entry. `databases.py` decides what is read of a table, `postgres.py` and `mysql.py`
read it; `resources.py` does the same for an API, whose requests are in `http.py`. `state.py` keeps
what was fetched, `delivery.py` puts files into the inbox: all of a fetch, or nothing.
"""
