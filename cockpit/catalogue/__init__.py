"""The indicator catalogue: every number that CockpitWerk knows, by key."""

from cockpit.catalogue import demand, firms, learning, market, mobility, passion, skills, supply, trust
from cockpit.catalogue.indicator import Indicator

INDICATORS: dict[str, Indicator] = {}
for _module in (supply, demand, market, skills, mobility, learning, passion, firms, trust):
    for _indicator in _module.INDICATORS:
        if _indicator.key in INDICATORS:
            raise ValueError(f"Two indicators are called {_indicator.key}")
        INDICATORS[_indicator.key] = _indicator
