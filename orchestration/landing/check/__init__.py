"""Check: from untyped text to typed rows with the reasons why some of them are refused.

`plan.py` joins cells, checks and columns to one query; `staging.py` runs it.
"""
