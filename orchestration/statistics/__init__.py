"""Quantiles and probabilities of distributions as SQL functions.

Nothing here reads the home or imports another room than `system`: the functions also run on the workers of a Spark cluster.
"""
