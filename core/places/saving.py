"""Saving postcodes: exact files win from packages."""

from dataclasses import replace

from django.db import transaction

from core.models import Place
from core.places.region import PROVINCES, municipality_of
from core.places.rows import PlaceRow


@transaction.atomic
def save_packaged(*, rows: list[PlaceRow]) -> int:
    """Save what the packages say, without touching postcodes that an exact file gave; returns how many were written."""
    exact = set(Place.objects.filter(source__startswith="file ").values_list("postcode", flat=True))
    return _save([row for row in rows if row.postcode not in exact])


@transaction.atomic
def save_exact(*, rows: list[PlaceRow]) -> int:
    """Save rows of an exact file; what the file does not tell stays as it was. Returns how many were written."""
    old = {place.postcode: place for place in Place.objects.all()}
    complete = []
    for row in rows:
        before = old.get(row.postcode)
        municipality, province = municipality_of(row.postcode, row.name)
        municipality = row.municipality or (before.municipality if before else "") or municipality
        province = row.province or (before.province if before else "") or PROVINCES.get(province, "")
        complete.append(replace(row, municipality=municipality, province=province))
    return _save(complete)


def _save(rows: list[PlaceRow]) -> int:
    fields = ("name", "municipality", "province", "latitude", "longitude", "source")
    old = {place[0]: place[1:] for place in Place.objects.values_list("postcode", *fields)}
    changed = [row for row in rows if old.get(row.postcode) != tuple(getattr(row, field) for field in fields)]
    Place.objects.bulk_create(
        [Place(postcode=row.postcode, **{field: getattr(row, field) for field in fields}) for row in changed],
        update_conflicts=True,
        unique_fields=["postcode"],
        update_fields=fields,
    )
    return len(changed)
