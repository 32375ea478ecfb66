"""The Dagster assets, one module a stage; each a few lines around a domain call, with its checks and metadata.

Rules and SQL belong to the domain packages; jobs, schedules and settings to `pipelines`.
"""
