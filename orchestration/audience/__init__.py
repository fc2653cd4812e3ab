"""Audience: members of a segment as hashed lists for advertising platforms, by consent of each identifier.

`export.py` has the order of the steps. Plain identifiers are read from the private warehouse in `identifiers.py`
and leave this room as hashes only; `platforms.yml` has the rules of each platform with their sources.
"""
