"""Distance and travel time, good enough to choose work by."""

import re

import numpy as np

from core.models import Place

EARTH_RADIUS_KM = 6371.0
DETOUR = 1.3  # roads are longer than the great circle; a usual factor for the Netherlands
SPEED_KM_PER_HOUR = {"bike": 15.0, "transit": 30.0, "car": 50.0}
OVERHEAD_MINUTES = {"bike": 0.0, "transit": 8.0, "car": 5.0}


def distance_km(latitude_1, longitude_1, latitude_2, longitude_2):
    """Great-circle distance in km by the haversine formula; degrees in, scalars or broadcastable arrays.

    >>> round(float(distance_km(53.2194, 6.5665, 52.9925, 6.5649)), 1)  # Groningen - Assen
    25.2
    """
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    d_phi, d_lambda = phi_2 - phi_1, np.radians(longitude_2) - np.radians(longitude_1)
    a = np.sin(d_phi / 2) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(d_lambda / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))


def travel_minutes(km, mode: str):
    """Minutes one way for a great-circle distance in km, with a detour factor and a fixed start per mode.

    >>> round(travel_minutes(5.0, "bike"))
    26
    """
    return OVERHEAD_MINUTES[mode] + km * DETOUR / SPEED_KM_PER_HOUR[mode] * 60


def find_place(postcode: str) -> Place | None:
    """The place of "9711", "9711 AB" or "9711ab"; None when it has no such form or is unknown."""
    match = re.fullmatch(r"\s*([1-9]\d{3})\s*([A-Za-z]{2})?\s*", postcode or "")
    return Place.objects.filter(pk=match[1]).first() if match else None
