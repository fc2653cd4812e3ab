"""Release: the file that readers open, and the rule that allows a new one.

`build_facts.py` keeps what was built and checked, `gate.py` decides, `generations.py` writes and switches, `public_tables.py` lists what is public.
"""
