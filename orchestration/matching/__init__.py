"""Matching: records that no identifier ties, compared by what describes them, land as `crm.matches`.

`run.py` is the place to start reading. The models of dbt decide what is made of the pairs.
"""
