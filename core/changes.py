"""Tables that a process holds in memory: what changed since it last looked, in one small question.

Triggers (`noted`) keep one `Change` for every row that anybody ever touched: the transaction that did it last. Whatever writes
is noted, bulk updates, cascades and SQL by hand too. Transactions end in another order than they began, and clocks differ, so
neither times nor counters tell what is new. PostgreSQL does: a reader keeps the oldest transaction that was still open when it
looked; whatever it could not see then carries that number or a later one. It reads those again, and knows by `seq` which it has.

What a transaction itself changed may still be rolled back: it sees that, and nobody else in the process does.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, migrations

T = TypeVar("T")
EVERYTHING = 0  # the row that is noted when a table was emptied

_LOOK = """
SELECT pg_snapshot_xmin(now.snapshot)::text::bigint, now.own, noted.row_id, noted.seq, noted.transaction = now.own
FROM (SELECT pg_current_snapshot() AS snapshot, coalesce(pg_current_xact_id_if_assigned()::text::bigint, -1) AS own) now
LEFT JOIN core_change noted ON noted.kind = %s
    AND noted.transaction >= coalesce(%s, pg_snapshot_xmin(now.snapshot)::text::bigint)
    AND (noted.transaction < pg_snapshot_xmax(now.snapshot)::text::bigint OR noted.transaction = now.own)
"""  # a number that no transaction can have yet comes from a copy of another server: whoever reads now has read that row


def noted(table: str, kind: str, rows: str, on: str = "INSERT UPDATE DELETE TRUNCATE") -> migrations.RunSQL:
    """A step of a migration: from now on changes of this table are noted as changes of `kind`.

    rows: SQL that gives the ids to note; `{changed}` stands for the rows as they are and, after an update, as they were.
    """
    make, drop = [], []
    for event in on.split():
        tables = {"INSERT": ["NEW"], "DELETE": ["OLD"], "UPDATE": ["NEW", "OLD"], "TRUNCATE": []}[event]
        referencing = (
            "REFERENCING " + " ".join(f"{one} TABLE AS {one.lower()}_rows" for one in tables) if tables else ""
        )
        changed = "(" + " UNION ALL ".join(f"TABLE {one.lower()}_rows" for one in tables) + ")"
        ids = rows.format(changed=changed) if tables else f"SELECT {EVERYTHING}"
        name = f"note_{kind}_{event.lower()}"
        make.append(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {referencing} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION core_note_change('{kind}', '{ids}')"
        )
        drop.append(f"DROP TRIGGER {name} ON {table}")
    return migrations.RunSQL(";\n".join(make), ";\n".join(drop))


@dataclass(frozen=True)
class _Look:
    since: int | None
    horizon: int  # every transaction before this one has ended
    own: int
    others: dict[int, int]  # seq by row
    mine: dict[int, int]  # by the transaction of the reader itself


@dataclass(frozen=True)
class _Kept(Generic[T]):
    key: Hashable
    horizon: int
    seen: dict[int, int]  # seq by row, from the horizon on
    value: T

    def news(self, look: _Look) -> list[int]:
        return sorted(row for row, seq in look.others.items() if self.seen.get(row) != seq)


class Follower(Generic[T]):
    """A value made of a table, kept in the process and true at every reading.

    load: makes it whole. update: the value that follows from it when these rows (ids) changed, came or went. Values are never
    changed in place: others may be reading them.
    """

    def __init__(self, kind: str, load: Callable[[], T], update: Callable[[T, list[int]], T]) -> None:
        self.kind, self.load, self.update = kind, load, update
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Make it anew at the next reading."""
        self._kept: _Kept[T] | None = None
        self._private: tuple[tuple, T | None, int, T] | None = None  # (what it stands on, and beside; since; value)

    def read(self, *beside: Hashable) -> T:
        """The value as the database is now. beside: whatever else it stands on; it is made anew when that changed."""
        key = (connection.settings_dict["NAME"], *beside)
        kept, look = self._look(key)
        if look.mine:
            return self._with_mine(key, kept, look)
        if kept is None or kept.news(look):
            with self._lock:
                kept, look = self._look(key)
                kept = _Kept(key, look.horizon, look.others, self._made(kept, kept.news(look) if kept else []))
        else:
            kept = _Kept(key, look.horizon, look.others, kept.value)
        self._kept = kept
        return kept.value

    def _made(self, kept: _Kept[T] | None, rows: list[int]) -> T:
        if kept is None or EVERYTHING in rows:
            return self.load()
        return self.update(kept.value, rows) if rows else kept.value

    def _with_mine(self, key: Hashable, kept: _Kept[T] | None, look: _Look) -> T:
        """With what this transaction changed: the highest `seq` names its state, for a rollback to a savepoint lowers it again.

        What is kept stays as it is, for a row that is ours hides what others did to it.
        """
        stands_on = (key, look.own, max(look.mine.values()), look.others)
        held, base = self._private, kept.value if kept else None
        if held is not None and held[0] == stands_on and held[1] is base:
            return held[3]
        value = self._made(kept, sorted({*look.mine, *kept.news(look)}) if kept else [])
        self._private = (stands_on, base, look.horizon if look.since is None else look.since, value)
        return value

    def _look(self, key: Hashable) -> tuple[_Kept[T] | None, _Look]:
        kept, private = self._kept, self._private
        if kept is not None and kept.key != key:
            kept = None
        since = kept.horizon if kept else private[2] if private else None
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, [self.kind, since])
            found = cursor.fetchall()
        horizon, own = found[0][:2]
        rows = [row[2:] for row in found if row[2] is not None]
        others = {row: seq for row, seq, mine in rows if not mine}
        return kept, _Look(since, horizon, own, others, {row: seq for row, seq, mine in rows if mine})
