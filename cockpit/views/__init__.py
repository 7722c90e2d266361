"""Pages of CockpitWerk, by what somebody comes for."""
