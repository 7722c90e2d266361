"""Months as their first day."""

from datetime import date


def months_before(month: date, n: int) -> date:
    """
    >>> months_before(date(2026, 2, 1), 3)
    datetime.date(2025, 11, 1)
    """
    years, index = divmod(month.year * 12 + month.month - 1 - n, 12)
    return date(years, index + 1, 1)


def month_after(month: date) -> date:
    return months_before(month, -1)
