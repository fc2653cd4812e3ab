"""Weights of marketing channels, estimated from journeys: Markov chains and Shapley values.

Pure functions over arrays. `sql_functions` makes them callable from SQL; no module here reads a file or a database.
"""
