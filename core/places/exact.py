"""Files with exact coordinates of postcodes: reading them, and mending what cannot be right."""

import csv
import io
import json
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.geo import distance_km
from core.places.rows import BadFile, PlaceRow, in_country, plain

COLUMNS = {
    "postcode": ("postcode", "pc4", "postcode4", "code"),
    "name": ("name", "place", "city", "plaats", "woonplaats"),
    "municipality": ("municipality", "gemeente", "gemeentenaam"),
    "province": ("province", "provincie"),
    "latitude": ("latitude", "lat", "breedtegraad"),
    "longitude": ("longitude", "lon", "lng", "lengtegraad"),
}


def read_postcodes(path: Path) -> tuple[list[PlaceRow], list[str]]:
    """Rows of a JSON file `{"9711": {"city": …, "c": [lat, lon]}}` or a CSV with a header, and what is wrong in it.

    Raises BadFile when nothing can be read. Coordinates outside the country are left out of the row, to be repaired.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    source = f"file {path.name}"[:40]
    records = _json_records(text) if text.lstrip().startswith("{") else _csv_records(text)
    rows, problems, seen = [], [], set()
    for where, record in records:
        postcode = str(record.get("postcode") or "").strip()[:4]
        problem = ""
        if not re.fullmatch(r"[1-9]\d{3}", postcode):
            problem = f"“{record.get('postcode')}” is not a postcode of four digits"
        elif postcode in seen:
            problem = f"postcode {postcode} occurs twice"
        elif not str(record.get("name") or "").strip():
            problem = f"postcode {postcode} has no place"
        try:
            latitude, longitude = (float(str(record[key]).replace(",", ".")) for key in ("latitude", "longitude"))
        except (KeyError, TypeError, ValueError):
            problem = problem or f"postcode {postcode} has no coordinates"
        if problem:
            problems.append(f"{where}: {problem}")
            continue
        seen.add(postcode)
        inside = in_country(latitude, longitude)
        rows.append(
            PlaceRow(
                postcode, str(record["name"]).strip()[:80], str(record.get("municipality") or "").strip()[:80],
                str(record.get("province") or "").strip()[:40], latitude if inside else None,
                longitude if inside else None, source,
            )
        )  # fmt: skip
    return rows, problems


def _json_records(text: str):
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadFile(f"row {error.lineno}: this is not JSON ({error.msg})")
    for postcode, value in data.items():
        record = {"postcode": postcode}
        if isinstance(value, dict):
            record |= {"name": value.get("city") or value.get("name")}
            point = value.get("c")
            if isinstance(point, list) and len(point) == 2:
                record |= {"latitude": point[0], "longitude": point[1]}
            record |= {name: value[name] for name in COLUMNS if name in value and name != "postcode"}
        yield f"“{postcode}”", record


def _csv_records(text: str):
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    header = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    columns = {
        column: next((header[name] for name in names if name in header), None) for column, names in COLUMNS.items()
    }
    missing = [column for column in ("postcode", "name", "latitude", "longitude") if columns[column] is None]
    if missing:
        raise BadFile(f"row 1: no column for {', '.join(missing)}; found: {', '.join(header) or 'nothing'}")
    for record in reader:
        yield (
            f"row {reader.line_num}",
            {column: record.get(name) for column, name in columns.items() if name is not None},
        )


def repair(rows: list[PlaceRow], known: dict[str, tuple[float, float]]) -> tuple[list[PlaceRow], list[str]]:
    """Move points that cannot be right to the centre of their place; returns rows and the postcodes that moved.

    A point is wrong when it lies outside the country; or more than 20 km from the median of the postcodes of the same
    place and the same first two digits, if there are three of them; or else more than 40 km from the median of the ten
    nearest numbers. It moves to the median of what is right in its place, else to the place's centre in `known`
    (postcode -> latitude, longitude), else to the median of the nearest numbers. With none of these the row is dropped,
    and named among the moved.
    """
    groups: dict[tuple[str, str], list[PlaceRow]] = defaultdict(list)
    for row in rows:
        groups[plain(row.name), row.postcode[:2]].append(row)
    placed = sorted((row for row in rows if row.latitude is not None), key=lambda row: row.postcode)
    codes = np.array([int(row.postcode) for row in placed])
    points = np.array([(row.latitude, row.longitude) for row in placed]).reshape(-1, 2)

    def around(postcode: str):
        near = np.argsort(np.abs(codes - int(postcode)), kind="stable")
        near = near[codes[near] != int(postcode)][:10]
        return np.median(points[near], axis=0) if len(near) >= 3 else None

    good, moved = [], []
    for members in groups.values():
        own = np.array([(row.latitude, row.longitude) for row in members if row.latitude is not None]).reshape(-1, 2)
        centre = np.median(own, axis=0) if len(own) >= 3 else around(members[0].postcode)
        limit = 20.0 if len(own) >= 3 else 40.0
        right = own if centre is None else own[distance_km(own[:, 0], own[:, 1], *centre) <= limit]
        anchors = [known[row.postcode] for row in members if row.postcode in known]
        target = np.median(right, axis=0) if len(right) else np.median(anchors, axis=0) if anchors else centre
        for row in members:
            wrong = row.latitude is None or (
                centre is not None and distance_km(row.latitude, row.longitude, *centre) > limit
            )
            if wrong:
                moved.append(row.postcode)
                if target is None:
                    continue
                row = replace(row, latitude=float(target[0]), longitude=float(target[1]))
            good.append(row)
    return sorted(good, key=lambda row: row.postcode), sorted(moved)
