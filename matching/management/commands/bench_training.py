"""How long training advice takes: everybody × every programme × every open vacancy, and one person."""

import json
import statistics
import time

import numpy as np
from django.core.management.base import BaseCommand

from matching import loading
from matching.engine.training_batch import everybody
from matching.engine.training_ground import lay_out
from matching.open_market import open_market
from matching.queries import live_tables, market_advice
from profiles.models import CV

PEOPLE_ALONE = 9


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options) -> None:
        market, programmes, people = open_market(), loading.programmes(), loading.all_candidates()
        space, n = market.index.space, len(market.openings)
        taught, pool = loading.project(programmes, space), loading.project(people, space)
        rivals, weeks = np.full(n, 0.5), np.full(n, 2.0)
        bundles = [(row,) for row in range(len(taught.ids))]

        def count(candidates) -> int:
            ground = lay_out(market.index, taught)
            found = everybody(ground, candidates, live_tables(), rivals, weeks, bundles)
            return sum(int(after.opens(len(bundles)).sum()) for _now, after in found)

        count(
            loading.project(loading.load_candidates(people.ids[:2].tolist()), space)
        )  # the compiler's time is not the batch's
        waited, worked = time.perf_counter(), time.process_time()
        opened = count(pool)
        waited, worked = time.perf_counter() - waited, time.process_time() - worked
        alone = []
        for cv in CV.objects.filter(id__in=people.ids[: PEOPLE_ALONE + 1].tolist()).select_related("place"):
            begin = time.process_time()
            market_advice(cv)
            alone.append(1000 * (time.process_time() - begin))
        found = {
            "people": len(pool.ids), "programmes": len(bundles), "vacancies": n, "opened": opened,
            "batch_core_s": round(worked, 1), "batch_waited_s": round(waited, 1),
            "one_person_core_ms_median": round(statistics.median(alone[1:])) if alone[1:] else None,
            "one_person_core_ms_most": round(max(alone[1:])) if alone[1:] else None,
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            for name, value in found.items():
                self.stdout.write(f"{name:26} {value}")
