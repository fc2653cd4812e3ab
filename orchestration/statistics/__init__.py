"""Distributions as SQL functions, and how a function over Arrow columns is declared for the engines.

Nothing here reads the home or imports another room: the functions also run on the workers of a Spark cluster.
"""
