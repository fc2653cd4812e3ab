"""Repeat-purchase and spend models in closed form: data, likelihood, fit, prediction, and their SQL functions.

Nothing here reads the home or imports another room than `system`: the functions also run on the workers of a Spark cluster.
"""
