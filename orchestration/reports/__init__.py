"""Reports: what people and programs read about a shop, from the released file and the state of the home.

One module finds facts, and its neighbour `…_print.py` prints them. Nothing is changed here. A report of
figures reads marts and meta.
"""
