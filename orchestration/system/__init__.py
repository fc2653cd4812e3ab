"""System: the machine below everything: files, processes, errors and faults, SQL quoting, masked texts.

Knows nothing of shops, feeds or settings.
"""
