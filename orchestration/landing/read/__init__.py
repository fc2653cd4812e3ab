"""Read: from a file of the inbox to its headers and a relation of untyped text.

Formats, encodings, delimiters, header rows and torn files belong here; meaning and types do not.
"""
