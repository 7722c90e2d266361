"""`manage.py bench_search`: how fast search answers over what is loaded now, also for many people at once over HTTP."""

import http.client
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from taxonomy.models import OccupationLabel, SkillLabel
from taxonomy.queries import search_occupations, search_skills

TYPED = (
    "verpleegkundige", "verpleegkunidge", "vrachtwagenchaufeur", "lasser", "timmerman", "juf groep 3",
    "medewerker bediening m/v (32 uur)", "software developer", "truck driver", "manager", "klanten adviseren",
    "klanten adviseeren", "project managment", "excel", "schoonmaken", "c++", "iets dat niet bestaat xyzzy",
    "werken met mensen in een team op kantoor", "medewerker", "heftruck rijden", "fietsen wassen", "hard werken",
)  # fmt: skip
PAUSE = 0.15  # seconds between two keys: what the combobox waits, and a quick typist


def keystrokes(text: str) -> list[str]:
    """What is asked while somebody types this: after one, two, three letters, then after every third, then all.

    >>> keystrokes("timmerman")
    ['t', 'ti', 'tim', 'timmer', 'timmerman']
    """
    return [text[:end] for end in sorted({1, 2, 3, *range(6, len(text), 3), len(text)}) if end <= len(text)]


class Command(BaseCommand):
    help = "Print the median and 95th percentile of search over typical input."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--rounds", type=int, default=2)
        parser.add_argument("--clients", type=int, default=0, help="ask over HTTP, with this many people at once")
        parser.add_argument("--seconds", type=int, default=15, help="how long they type")
        parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between keystrokes; 0: flat out")
        parser.add_argument("--limit-ms", type=float, help="fail when a 95th percentile is higher")

    def handle(self, *, rounds=2, clients=0, seconds=15, pause=PAUSE, limit_ms=None, **options) -> None:
        worst = max([*self.here(rounds), *(self.over_http(clients, seconds, pause) if clients else [])])
        if limit_ms and worst > limit_ms:
            raise CommandError(f"p95 of {worst:.1f} ms is over {limit_ms} ms")

    def here(self, rounds: int) -> Iterator[float]:
        """In this process, one after the other."""
        for search, labels in ((search_occupations, OccupationLabel), (search_skills, SkillLabel)):
            before, started = _memory(), time.perf_counter()
            search("warm")
            built, grown = time.perf_counter() - started, _memory() - before
            taken = []
            for text in [part for whole in TYPED for part in keystrokes(whole)] * rounds:
                started = time.perf_counter()
                search(text)
                taken.append((1000 * (time.perf_counter() - started), text))
            self.stdout.write(
                f"{search.__name__}: {labels.objects.count()} labels, index built in {built:.1f} s, {grown:.0f} MB at most"
            )
            yield self.tell([ms for ms, _ in taken], f"slowest {max(taken)[1]!r}")

    def over_http(self, clients: int, seconds: float, pause: float) -> Iterator[float]:
        """Through gunicorn on loopback (two processes of four threads), with everybody typing at once."""
        with _serving() as url:
            for name in ("occupations", "skills"):
                path = reverse(f"taxonomy:{name}")
                for _ in range(8):
                    _type(url, path, 99, time.perf_counter() + 0.5, 0, [], [])
                taken: list[float] = []
                wrong: list[int] = []
                until = time.perf_counter() + seconds
                people = [
                    threading.Thread(target=_type, args=(url, path, number, until, pause, taken, wrong))
                    for number in range(clients)
                ]
                for person in people:
                    person.start()
                for person in people:
                    person.join()
                if wrong or not taken:
                    raise CommandError(f"{len(wrong)} answers were not 200: {sorted(set(wrong))}")
                self.stdout.write(f"{name} over HTTP, {clients} at once, {pause} s between keys:")
                yield self.tell(taken, f"{len(taken) / seconds:.0f} a second")

    def tell(self, taken: list[float], more: str) -> float:
        times = sorted(taken)
        p95 = times[int(0.95 * len(times))]
        self.stdout.write(
            f"    {len(times)} searches, median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, "
            f"most {times[-1]:.1f} ms; {more}"
        )
        return p95


def _memory() -> float:
    """The most memory this process had so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _type(url: str, path: str, person: int, until: float, pause: float, taken: list, wrong: list) -> None:
    """Type one text after the other, each from an address of its own, until the time is over."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    turn = 0
    while time.perf_counter() < until:
        headers = {"HX-Request": "true", "X-Forwarded-For": f"10.{person}.{turn // 250}.{turn % 250}"}
        for part in keystrokes(TYPED[(7 * person + turn) % len(TYPED)]):
            started = time.perf_counter()
            connection.request("GET", f"{path}?q={quote(part)}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            taken.append(1000 * (time.perf_counter() - started))
            if answer.status != 200:
                wrong.append(answer.status)
            time.sleep(pause)
        turn += 1


@contextmanager
def _serving() -> Iterator[str]:
    """The site as `make run` serves it, on a free port; addresses of visitors are taken from the benchmark's header."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [str(Path(sys.executable).parent / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    program += ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload", "--log-level", "warning"]
    server = subprocess.Popen(
        program, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_POOL": "1", "TRUSTED_PROXIES": "1", "DEBUG": "0"}
    )
    try:
        for _ in range(300):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.request("GET", f"{reverse('taxonomy:skills')}?q=a")
                json.loads(connection.getresponse().read())
                break
            except ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)
