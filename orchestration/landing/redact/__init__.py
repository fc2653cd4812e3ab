"""Redact: a delivered content without persons who were removed.

`arrivals.py` is what landing asks; the removal itself (`forget`) asks the same modules about files that are kept.
"""
