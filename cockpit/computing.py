"""From rows of the platform to safe data points: facts, one query an indicator, suppression, and into the series table."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cockpit.catalogue import INDICATORS
from cockpit.catalogue.formula import Formula
from cockpit.catalogue.indicator import Breakdown, Indicator
from cockpit.dimensions import DIMENSIONS
from cockpit.facts import FACTS, MONTHS, Facts, in_order
from cockpit.fragments import WINDOW
from cockpit.models import Computed, DataPoint
from cockpit.months import months_before
from cockpit.suppression import Line, is_small, protect

COLUMNS = ("indicator", "breakdown", "first", "second", "period", "value", "n", "suppressed", "computed_at", "version")
Row = tuple[str, str, str, str, date | None, float | None, int | None, bool, datetime, int]  # as in COLUMNS


class Key(NamedTuple):
    """A cell of the tables of an indicator; `period` is None for the latest value."""

    breakdown: Breakdown
    codes: tuple[str, ...]
    period: date | None = None


@dataclass(frozen=True)
class Counted:
    value: float | None
    n: int
    sizes: tuple[int, ...]  # of the groups that it speaks of


@dataclass(frozen=True)
class Population:
    """Which units an indicator counts; indicators that share it hide the same cells."""

    facts_key: str
    where: str = ""
    part: str = ""
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did; seconds of wall time."""

    indicators: int
    computed: int
    points: int
    suppressed: int
    seconds: float
    slowest: tuple[tuple[str, float], ...] = ()


@dataclass
class Refresh:
    """One computing of (some) indicators within one transaction; holds what indicators share."""

    now: datetime
    smallest: int
    built: set[str] = field(default_factory=set)
    patterns: dict[Population, frozenset[Key]] = field(default_factory=dict)
    totals: dict[str, Mapping[Key, int]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def month(self) -> date:
        return self.today.replace(day=1)

    def build(self, keys: Iterable[str]) -> None:
        """Make the temporary tables of these facts and of all they need, once."""
        for facts in in_order(keys):
            if facts.key in self.built:
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {facts.table}")
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {facts.table} ON COMMIT DROP AS {facts.sql}",
                    {"today": self.today, "month": self.month},
                )
                cursor.execute(f"ANALYZE {facts.table}")
            self.built.add(facts.key)

    def count(self, facts: Facts, formula: Formula, breakdowns: Sequence[Breakdown]) -> dict[Key, Counted]:
        """Every cell of these tables: the latest, or for dated facts the last twelve whole months."""
        return self._cells(facts, formula, breakdowns, "recent" if facts.dated else "true", "")

    def count_months(self, facts: Facts, formula: Formula, breakdowns: Sequence[Breakdown]) -> dict[Key, Counted]:
        if facts.dated:
            first = months_before(self.month, MONTHS)
            within = f"month >= '{first}' AND month < '{self.month}'"
            return self._cells(facts, formula, breakdowns, within, "month")
        return self._cells(facts, formula, breakdowns, "true", "period")

    def _cells(
        self, facts: Facts, formula: Formula, breakdowns: Sequence[Breakdown], within: str, period: str
    ) -> dict[Key, Counted]:
        dimensions = sorted({key for breakdown in breakdowns for key in breakdown})
        # SQL's grouping() has a bit for every dimension that is summed over, the last dimension in the lowest bit.
        by_mask = {
            sum(1 << bit for bit, key in enumerate(reversed(dimensions)) if key not in breakdown): breakdown
            for breakdown in breakdowns
        }
        sizes = _sizes(facts, formula)
        columns = [*dimensions, *([period] if period else [])]
        sets = ", ".join(f"({', '.join([*breakdown, *([period] if period else [])])})" for breakdown in breakdowns)
        grouping = f"grouping({', '.join(dimensions)})" if dimensions else "0"
        selected = ", ".join([*columns, grouping, formula.value, formula.count, *sizes])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {selected} FROM {facts.table} WHERE {within} GROUP BY GROUPING SETS ({sets})")
            rows = cursor.fetchall()
        cells = {}
        for row in rows:
            codes = dict(zip(dimensions, row, strict=False))
            moment = row[len(dimensions)] if period else None
            mask, value, n, *measured = row[len(columns) :]
            breakdown = by_mask[mask]
            key = Key(breakdown, tuple(codes[name] for name in breakdown), moment)
            cells[key] = Counted(None if value is None else float(value), n, tuple(measured))
        return cells

    def hidden(self, population: Population) -> frozenset[Key]:
        """The cells to hide in all tables of this population; one within another hides at least what that one hides."""
        found = self.patterns.get(population)
        if found is None:
            found = self.patterns[population] = self._hide(population)
        return found

    def _hide(self, population: Population) -> frozenset[Key]:
        facts = FACTS[population.facts_key]
        self.build([facts.key, *([facts.parent] if facts.parent else [])])
        breakdowns, months = _tables_of(population)
        formula = Formula("0", population.where, population.part, population.apart)
        cells = {key: cell.sizes for key, cell in self.count(facts, formula, breakdowns).items()}
        if facts.dated and months:
            cells |= {key: cell.sizes for key, cell in self.count_months(facts, formula, months).items()}
        if facts.parent:
            own = 2 if population.part else 1  # measures of units in the cell itself
            cells = {key: (*sizes, self._others(facts, key, sum(sizes[:own]))) for key, sizes in cells.items()}
        wider = _wider(population)
        already = self.hidden(wider) if wider else frozenset()
        lines = _lines(cells, self._coarser(facts, breakdowns), months_before(self.month, WINDOW))
        return frozenset(protect(cells, lines, self.smallest, distinct=facts.overlaps, hidden_already=already))

    def _coarser(self, facts: Facts, breakdowns: Sequence[Breakdown]) -> dict[str, dict[str, str]]:
        """{finer dimension: {its code: code of the coarser one}} as far as these tables hold both."""
        used = {name for breakdown in breakdowns for name in breakdown}
        found = {}
        for name in used:
            coarse = DIMENSIONS[name].within
            if coarse in used:
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT DISTINCT {name}, {coarse} FROM {facts.table}")
                    found[name] = dict(cursor.fetchall())
        return found

    def _others(self, facts: Facts, key: Key, own: int) -> int:
        """How many of all units in this place, sector … are not among those of the cell."""
        parent = FACTS[facts.parent]
        kept = tuple(name for name in key.breakdown if DIMENSIONS[name].parts)
        name = f"{parent.key}:{','.join(kept)}"
        if name not in self.totals:
            self.build([parent.key])
            found = self.count(parent, Formula("0"), [kept])
            self.totals[name] = {Key(kept, cell.codes): counted.sizes[0] for cell, counted in found.items()}
        codes = tuple(code for name_, code in zip(key.breakdown, key.codes, strict=True) if DIMENSIONS[name_].parts)
        return max(0, self.totals[name].get(Key(kept, codes), 0) - own)

    def points_of(self, indicator: Indicator) -> list[Row]:
        """All data points of one indicator, small groups hidden, as rows of COLUMNS."""
        facts, history = indicator.facts, indicator.history_facts
        cells = self.count(facts, indicator.formula, indicator.breakdowns)
        months: dict[Key, Counted] = {}
        if history is not None:
            months = self.count_months(history, indicator.formula, indicator.history_breakdowns)
        hidden: set[Key] = set()
        if facts.unit:
            formula = indicator.formula
            population = Population(facts.key, formula.where, formula.part, formula.apart)
            hidden |= self.hidden(population)
            if history is not None and not history.dated:
                latest = cells.get(Key((), ()))
                hidden |= thinned(months, latest.sizes if latest else (), self.smallest)
        if history is None:
            months = self._kept(indicator, cells, hidden)
        return [
            _row(indicator, key, cell, key in hidden, self.now)
            for key, cell in {**cells, **months}.items()
            if cell.n or cell.value is not None
        ]

    def _kept(self, indicator: Indicator, cells: Mapping[Key, Counted], hidden: set[Key]) -> dict[Key, Counted]:
        """The value of the whole region, to be kept as that of this month."""
        latest, now = cells.get(Key((), ())), Key((), (), self.month)
        if latest is None:
            return {}
        if Key((), ()) in hidden:
            hidden.add(now)
        elif indicator.is_protected:
            before = (
                DataPoint.objects.filter(indicator=indicator.key, breakdown="", period__lt=self.month, suppressed=False)
                .order_by("-period").values_list("value", "n").first()
            )  # fmt: skip
            if before is not None and _moves_few(before, (latest.value, latest.n), indicator, self.smallest):
                hidden.add(now)
        return {now: latest}


def _moves_few(before: tuple, now: tuple, indicator: Indicator, smallest: int) -> bool:
    """Whether so few people came or went between two months that the difference would tell of them."""
    groups = [(before[1], now[1])]
    if indicator.formula.part:
        groups.append(tuple(round((value or 0) * n / 100) for value, n in (before, now)))
    return any(is_small(abs(after - earlier), smallest) for earlier, after in groups)


def thinned(months: Mapping[Key, Counted], latest: Sequence[int], smallest: int) -> set[Key]:
    """Of stocks month by month those to hide, so that no two shown values differ by a few units; newest first."""
    hidden, shown = set(), tuple(latest)
    for key in sorted(months, key=lambda key: key.period, reverse=True):
        sizes = months[key].sizes
        differences = [abs(one - other) for one, other in zip(sizes, shown, strict=False)]
        if any(is_small(size, smallest) for size in (*sizes, *differences)):
            hidden.add(key)
        else:
            shown = sizes
    return hidden


def _sizes(facts: Facts, formula: Formula) -> list[str]:
    """SQL of the groups that a cell speaks of: counted and in the part, counted and not, not counted, set apart."""
    if not facts.unit:
        return []

    def units(*conditions: str) -> str:
        said = " AND ".join(f"({condition})" for condition in conditions if condition)
        counted = "count(unit)" if facts.once else "count(DISTINCT unit)"
        return f"{counted} FILTER (WHERE {said})" if said else counted

    where, part = formula.where, formula.part
    groups = [units(where, part)]
    if part:
        groups.append(units(where, f"({part}) IS NOT TRUE"))
    if where:
        groups.append(units(f"({where}) IS NOT TRUE"))
    return groups + [units(condition) for condition in formula.apart]


def _wider(population: Population) -> Population | None:
    """The population that this one is taken from."""
    if population.part or population.apart:
        return Population(population.facts_key, population.where)
    if population.where:
        return Population(population.facts_key)
    same = FACTS[population.facts_key].same_as
    return Population(same) if same else None


def _tables_of(population: Population) -> tuple[list[Breakdown], list[Breakdown]]:
    """All tables that any indicator publishes of this population or of one within it, and those by month."""
    latest: list[Breakdown] = []
    months: list[Breakdown] = []
    whole = not (population.where or population.part or population.apart)
    for indicator in INDICATORS.values():
        formula, facts = indicator.formula, indicator.facts
        if not (facts.key == population.facts_key or (whole and facts.same_as == population.facts_key)):
            continue
        if population.where and formula.where != population.where:
            continue
        if (population.part, population.apart) not in (("", ()), (formula.part, formula.apart)):
            continue
        latest += indicator.breakdowns
        months += indicator.history_breakdowns if facts.dated else []
    return list(dict.fromkeys(latest)), list(dict.fromkeys(months))


def _lines(cells: Iterable[Key], coarser: Mapping[str, Mapping[str, str]], since: date) -> list[Line]:
    """Every sum that can be made within these tables: categories that add up to a total or to a coarser category, and the
    months from `since` on that add up to the year."""
    parts: dict[tuple[Key, str], list[Key]] = defaultdict(list)
    for key in cells:
        for place, name in enumerate(key.breakdown):
            if not DIMENSIONS[name].parts:
                continue
            before, after = slice(0, place), slice(place + 1, None)
            names, codes = key.breakdown, key.codes
            parts[Key(names[before] + names[after], codes[before] + codes[after], key.period), name].append(key)
            if name in coarser:
                coarse = (DIMENSIONS[name].within,), (coarser[name][codes[place]],)
                wider = Key(
                    names[before] + coarse[0] + names[after], codes[before] + coarse[1] + codes[after], key.period
                )
                parts[wider, name].append(key)
        if key.period is not None and key.period >= since:
            parts[Key(key.breakdown, key.codes), "month"].append(key)
    return [Line(total, tuple(members)) for (total, _name), members in parts.items()]


def _row(indicator: Indicator, key: Key, cell: Counted, hidden: bool, now: datetime) -> Row:
    first, second, *_rest = (*key.codes, "", "")
    value = None if cell.value is None or hidden else round(cell.value, indicator.unit.decimals)
    n = None if hidden else cell.n
    return (
        indicator.key, ",".join(key.breakdown), first, second, key.period, value, n, hidden, now, indicator.version,
    )  # fmt: skip


# What changed since the last time.


def fingerprints(tables: Iterable[str]) -> dict[str, str]:
    """A print per table that changes with every insert, update and delete."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f"""SELECT count(*), coalesce(sum(xmin::text::bigint), 0), coalesce(sum(cmin::text::bigint), 0) FROM {table}"""
            )
            found[table] = ":".join(map(str, cursor.fetchone()))
    return found


def _fingerprint(indicator: Indicator, tables: Mapping[str, str], today: date, smallest: int) -> str:
    """Of all that the value depends on; the day only where the facts look at it."""
    moment = today if "%(today)s" in indicator.sql else today.replace(day=1)
    text = "|".join([str(moment), str(smallest), indicator.sql, *(tables[name] for name in sorted(indicator.sources))])
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def refresh(*, now: datetime, only: Iterable[str] | None = None, force: bool = False) -> Refreshed:
    """Compute what changed since the last time (everything with `force`), and replace its data points in one go."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cockpit refresh'))")  # one at a time
    run = Refresh(now, settings.SMALLEST_GROUP)
    wanted = [INDICATORS[key] for key in only] if only is not None else list(INDICATORS.values())
    tables = fingerprints({name for indicator in wanted for name in indicator.sources})
    prints = {indicator.key: _fingerprint(indicator, tables, run.today, run.smallest) for indicator in wanted}
    known = {row.indicator: row for row in Computed.objects.all()}
    stale = [
        indicator
        for indicator in wanted
        if force
        or indicator.key not in known
        or (known[indicator.key].fingerprint, known[indicator.key].version)
        != (prints[indicator.key], indicator.version)
    ]
    DataPoint.objects.exclude(indicator__in=INDICATORS).delete()
    Computed.objects.exclude(indicator__in=INDICATORS).delete()
    run.build({key for i in stale for key in (i.facts_key, i.history, i.facts.same_as, i.facts.parent) if key})
    spent = []
    for indicator in stale:
        at = time.monotonic()
        points = run.points_of(indicator)
        _replace(indicator, points, run.month)
        spent.append((indicator.key, time.monotonic() - at))
        Computed.objects.update_or_create(
            indicator=indicator.key,
            defaults={
                "fingerprint": prints[indicator.key], "version": indicator.version, "computed_at": now,
                "points": sum(not row[7] for row in points), "suppressed": sum(row[7] for row in points),
                "seconds": round(spent[-1][1], 3),
            },
        )  # fmt: skip
    return Refreshed(
        indicators=len(wanted),
        computed=len(stale),
        points=DataPoint.objects.filter(suppressed=False).count(),
        suppressed=DataPoint.objects.filter(suppressed=True).count(),
        seconds=time.monotonic() - started,
        slowest=tuple(sorted(spent, key=lambda pair: -pair[1])[:5]),
    )


def _replace(indicator: Indicator, points: Sequence[Row], month: date) -> None:
    """Put in the new points. Months that were kept one by one stay, but for the one that is now."""
    old = DataPoint.objects.filter(indicator=indicator.key)
    if indicator.history_facts is None:
        old = old.exclude(period__lt=month)
    old.delete()
    copy = f"COPY {DataPoint._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for row in points:
            rows.write_row(row)
