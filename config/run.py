"""`make run`: the whole platform on one machine, from nothing, until Ctrl-C.

Starts PostgreSQL and Valkey where no address is given, prepares the database, then keeps web, worker and beat running.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

from honcho.manager import Manager

from core.embedded import ROOT, database_url, local_dir, redis_url

BIN = Path(sys.executable).parent
FIRST_PORT = 8000
LOG_INS = """
  Zelf aan het Werk runs at  {address}

  Log in at {address}/demo/ with one click, or with the password demo-demo-demo as
    werkzoekende@demo.nl   jobseeker        werkgever@demo.nl   employer
    school@demo.nl         school           analist@demo.nl     analyst
    beheerder@demo.nl      operator

  Ctrl-C stops everything; nothing is lost.
"""


def free_port(first: int) -> int:
    """The first free port on loopback from `first` on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError(f"No free port between {first} and {first + 99}")


def main() -> int:
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEMO", "1")
    local_dir().mkdir(exist_ok=True)
    database_url(), redis_url()  # started here, stopped when we leave
    if subprocess.run([sys.executable, "manage.py", "prepare"]).returncode:
        return 1

    port = int(os.environ.get("PORT", 0)) or free_port(FIRST_PORT)
    manager = Manager()
    manager.add_process(
        "web",
        f"{BIN}/gunicorn config.wsgi --bind 127.0.0.1:{port} --workers 2 --threads 4 --worker-class gthread "
        "--log-level warning --preload",
        env=os.environ | {"DATABASE_POOL": "1"},
    )
    manager.add_process(
        "worker", f"{BIN}/celery -A config --quiet worker --concurrency 2 --loglevel WARNING", env=dict(os.environ)
    )
    manager.add_process(
        "beat",
        f"{BIN}/celery -A config --quiet beat --loglevel WARNING --pidfile= --schedule {local_dir()}/beat",
        env=dict(os.environ),
    )
    print(LOG_INS.format(address=f"http://127.0.0.1:{port}"), flush=True)
    manager.loop()
    return 0 if manager.returncode in (None, 0, -2, -15, 130, 143) else manager.returncode


if __name__ == "__main__":
    sys.exit(main())
