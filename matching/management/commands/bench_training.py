"""How long training advice takes: everybody × every programme × every open vacancy, and one person."""

import json
import multiprocessing
import statistics
import time

import numpy as np
from django.core.management.base import BaseCommand
from django.db import connection

from matching import loading
from matching.engine import ChanceParameters, index_candidates
from matching.engine.training_market import Ground, chances_after, lay_out, stand, within_reach
from matching.queries import live_parameters, market_advice
from profiles.models import CV

_shared: dict = {}  # what forked processes inherit


def advise(ground: Ground, index, row: int, parameters: ChanceParameters, rivals, weeks) -> np.ndarray:
    """(n_programmes,) how many vacancies each programme opens for the person in this row."""
    now = stand(ground, index, row, parameters, rivals, weeks)
    bundles = [(one,) for one in range(len(ground.programmes.ids))]
    return chances_after(ground, now, bundles, parameters, within_reach(ground, now, parameters)).opens(len(bundles))


def work(rows: np.ndarray) -> int:
    """The vacancies opened for these people, added up."""
    return int(sum(advise(row=int(row), **_shared).sum() for row in rows))


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--people", type=int, default=0, help="at most so many; all when 0")
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, people: int, processes: int, **options) -> None:
        market, parameters = loading.market(), live_parameters()[0]
        space = market.index.space
        pool = loading.project(loading.all_candidates(), space)
        n = len(pool.ids) if not people else min(people, len(pool.ids))
        begin = time.perf_counter()
        ground = lay_out(market.index, loading.project(loading.programmes(), space))
        laid_out = time.perf_counter() - begin
        _shared.update(
            ground=ground, index=index_candidates(pool, space), parameters=parameters,
            rivals=np.full(len(market.openings), 0.5), weeks=np.full(len(market.openings), 2.0),
        )  # fmt: skip
        work(np.arange(min(2, n)))  # the compiler's time is not the batch's
        begin = time.perf_counter()
        if processes > 1:
            connection.close()
            with multiprocessing.get_context("fork").Pool(processes) as workers:
                opened = sum(workers.imap_unordered(work, np.array_split(np.arange(n), 8 * processes)))
        else:
            opened = work(np.arange(n))
        batch = time.perf_counter() - begin
        times = []
        for cv in CV.objects.filter(id__in=pool.ids[:9].tolist()).select_related("place"):
            begin = time.perf_counter()
            market_advice(cv)
            times.append(1000 * (time.perf_counter() - begin))
        found = {
            "people": n, "programmes": len(ground.programmes.ids), "vacancies": len(market.openings),
            "processes": processes, "layout_s": round(laid_out, 2), "batch_s": round(batch, 1), "opened": opened,
            "one_person_ms_median": round(statistics.median(times)) if times else None,
            "one_person_ms_least": round(min(times)) if times else None,
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            for name, value in found.items():
                self.stdout.write(f"{name:24} {value}")
