"""What is known of one postcode, wherever it comes from."""

import re
from dataclasses import dataclass

SOUTH, NORTH, WEST, EAST = 50.74, 53.58, 3.30, 7.25  # the European part of the Netherlands


@dataclass(frozen=True)
class PlaceRow:
    """What is known of one postcode; empty texts and None for what is not."""

    postcode: str
    name: str
    municipality: str = ""
    province: str = ""
    latitude: float | None = None
    longitude: float | None = None
    source: str = ""


class BadFile(Exception):
    """A file that cannot be read at all."""


def plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-zà-ÿ0-9]+", " ", name.lower()).split())


def in_country(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
