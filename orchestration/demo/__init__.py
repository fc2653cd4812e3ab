"""The demo shop: 18 months of exports of a Chinese shop on five platforms, with their known truth.

`write.py` goes through the steps: `world.py` builds what truly happened, `traits.py` has what is
personal in it, `exports.py` and `other_exports.py` write what the systems exported, `defects.py`
and `traps.py` say what is wrong with that, `truth.py` keeps what is known. `verdict.py`, `score.py`
and `trap_score.py` judge a warehouse against it. Same arguments, same bytes.
"""
