"""Forget: removal of a person; what the shop earned stays, who bought does not.

The rows of the person stay where they are. Every personal cell in them is emptied or replaced by a token,
and so are the ids that name the person, everywhere and in the same way: the figures stay as they are, and
the person becomes one customer without a name. `removal.py` has the order of the steps. What recognises a
person in a delivered file is in `landing/redact`, as landing asks it too.
"""
