"""The ways to make one number from rows of facts. All are SQL aggregates, so that a cell of any breakdown is made alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """`value` aggregates the rows; `where` says which rows count and `part` which of those a share speaks of ("" is all).

    `apart` are further conditions that together with another published number would single out a group: each must hold for
    none or for enough units.
    """

    value: str
    where: str = ""
    part: str = ""
    apart: tuple[str, ...] = ()

    @property
    def count(self) -> str:
        """How many rows the value rests on."""
        return f"count(*){_filter(self.where)}"


def _filter(*conditions: str) -> str:
    said = [f"({condition})" for condition in conditions if condition]
    return f" FILTER (WHERE {' AND '.join(said)})" if said else ""


def _both(*conditions: str) -> str:
    return " AND ".join(condition for condition in conditions if condition)


def count(where: str = "", apart: tuple[str, ...] = ()) -> Formula:
    return Formula(f"count(*){_filter(where)}", where, apart=apart)


def total(column: str, where: str = "") -> Formula:
    return Formula(f"coalesce(sum({column}){_filter(where)}, 0)", where)


def distinct(column: str, where: str = "") -> Formula:
    return Formula(f"count(DISTINCT {column}){_filter(where)}", where)


def share(part: str, where: str = "", apart: tuple[str, ...] = ()) -> Formula:
    """Per cent of the rows."""
    value = f"100.0 * count(*){_filter(where, part)} / nullif(count(*){_filter(where)}, 0)"
    return Formula(value, where, part, apart)


def mean(column: str, where: str = "") -> Formula:
    where = _both(where, f"{column} IS NOT NULL")
    return Formula(f"avg({column}){_filter(where)}", where)


def quantile(column: str, at: float, where: str = "") -> Formula:
    where = _both(where, f"{column} IS NOT NULL")
    return Formula(f"percentile_cont({at}) WITHIN GROUP (ORDER BY {column}){_filter(where)}", where)


def median(column: str, where: str = "") -> Formula:
    return quantile(column, 0.5, where)


def spread(column: str, where: str = "") -> Formula:
    """How far the quarter below and the quarter above lie apart."""
    where = _both(where, f"{column} IS NOT NULL")
    high, low = (f"percentile_cont({at}) WITHIN GROUP (ORDER BY {column}){_filter(where)}" for at in (0.75, 0.25))
    return Formula(f"{high} - {low}", where)


def ratio(numerator: str, denominator: str, where: str = "") -> Formula:
    """Two aggregates divided; `where` says which rows are the people that it speaks of."""
    return Formula(f"({numerator})::float / nullif({denominator}, 0)", where)


def difference(one: str, other: str, where: str = "", part: str = "", apart: tuple[str, ...] = ()) -> Formula:
    return Formula(f"({one})::float - ({other})", where, part, apart)


def gap(group: str, others: str) -> Formula:
    """Chance said minus share invited, of a group minus of the others; in percentage points."""

    def over(who: str) -> str:
        return f"avg(p) FILTER (WHERE {who}) - 100.0 * avg(invited::int) FILTER (WHERE p IS NOT NULL AND {who})"

    return difference(over(group), over(others), "p IS NOT NULL", group, _four(group, others))


def invited_gap(group: str, others: str) -> Formula:
    """Share invited of a group minus that of the others; in percentage points."""
    one, other = (f"100.0 * avg(invited::int) FILTER (WHERE {who})" for who in (group, others))
    return difference(one, other, "", group, _four(group, others))


def _four(group: str, others: str) -> tuple[str, ...]:
    return tuple(f"{not_}invited AND {who}" for who in (group, others) for not_ in ("", "NOT "))
