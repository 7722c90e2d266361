"""PostgreSQL and Valkey from wheels, for machines without them."""

import os


def database_url() -> str:
    return os.environ["DATABASE_URL"]


def redis_url() -> str:
    return os.environ["REDIS_URL"]
