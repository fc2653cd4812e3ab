"""What an unknown export is: its columns, the profile or feed that fits it, and a mapping to review.

`proposal.py` on top; then `blocks.py` (YAML of shop.yml), `relations.py` (files among each other),
`feeds.py` (which feed a table is), `known_exports.py` (profiles), `names.py` (what a header means),
`facts.py` (what the cells are) and `tables.py` (opening a file of unknown shape).
"""
