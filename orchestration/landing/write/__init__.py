"""Write: staged rows into raw and history, by the key of the contract.

`upsert.py` decides what changes; a sink applies it, in tables of the warehouse or in the lake.
"""
