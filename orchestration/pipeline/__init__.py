"""Pipeline: what Dagster runs, and what starts it.

`definitions.py` lists everything; each step of the job has a module (`landing_assets`, `match_asset`,
`raw_check_assets`, `dbt_assets`, `release_asset`). Triggers, runs and notifications of runs are here too.
No business logic: a step calls the room that does the work.
"""
