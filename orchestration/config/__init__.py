"""Config: what is declared and where things are.

Settings and paths, the folders of a home, the contract of the feeds, shop.yml with its mappings, profiles
and lists, and the commands that a message recommends. The only place that reads environment variables.
"""
