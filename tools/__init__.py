"""Tools of the developers of this project: figures of its structure, and a release."""
