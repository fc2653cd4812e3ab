"""What an unknown export is: its columns, the profile or feed that fits it, and a mapping to review.

`shop_folder.py` and `proposal.py` on top. Reading: `tables.py`, `text_shape.py`, `json_shape.py`, `facts.py`, `kinds.py`.
Meaning: `names.py`, `likeness.py`, `value_words.py`, `candidates.py`, `feeds.py`, `order_rows.py`, `known_exports.py`. Files among
each other: `exports.py`, `relations.py`, `people.py`. Writing: `blocks.py`, `fills.py`, `return_rows.py`, `merging.py`, `block_text.py`.
"""
