"""The journey between a person and a place of work."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0
DETOUR = 1.3
SPEED_KM_PER_HOUR = np.array([15.0, 30.0, 50.0])  # bike, bus or train, car
OVERHEAD_MINUTES = np.array([0.0, 8.0, 5.0])


def distance_km(latitude_1, longitude_1, latitude_2, longitude_2) -> NDArray[np.float64]:
    """Great-circle distance in km by the haversine formula; degrees in, broadcast; NaN in gives NaN out.

    >>> round(float(distance_km(53.2194, 6.5665, 52.9925, 6.5649)), 1)
    25.2
    """
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    d_phi, d_lambda = phi_2 - phi_1, np.radians(longitude_2) - np.radians(longitude_1)
    a = np.sin(d_phi / 2) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(d_lambda / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))


def travel_minutes(km, mode) -> NDArray[np.int64]:
    """Whole minutes one way by mode (0 bike, 1 bus or train, 2 car); -1 where the distance is unknown.

    >>> travel_minutes(np.array([5.0, np.nan]), np.array([0, 2])).tolist()
    [26, -1]
    """
    minutes = OVERHEAD_MINUTES[mode] + np.asarray(km) * DETOUR / SPEED_KM_PER_HOUR[mode] * 60
    return np.where(np.isnan(minutes), -1, np.rint(np.nan_to_num(minutes))).astype(np.int64)
