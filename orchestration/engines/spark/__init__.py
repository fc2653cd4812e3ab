"""The second engine: what the pipeline needs to build its models on Spark instead of DuckDB.

`requirements.py` checks what has to be installed, `server.py` starts a private server where the operator
names none, `cluster.py` starts a small cluster on this machine, `tables.py` moves whole tables
between Spark and the lake. dbt builds the models over Spark Connect.
"""
