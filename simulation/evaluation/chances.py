"""How good chances are on later applications, beside simpler models and the simulator's own chances."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from matching.engine import HIRED, ChanceParameters, Chances, both, fit_chance, metrics, predict
from matching.engine.calibration import BEYOND
from matching.engine.chance import LEAST, MOST, base_rate_chances
from matching.engine.features import NAMES
from matching.engine.hidden import own_scale
from matching.learning import group_gaps
from simulation.evaluation.setting import Setting
from simulation.history import History, later_than

SPLIT = date(2024, 12, 1)  # nine months of the two years to learn from, the rest to be judged on
SIZES = (25, 100, 500, 2000)
BANDS = (0.1, 0.3)  # chances said: low, middle and high
GROUPS = {
    "Dutch B2 or more": lambda person: person.languages.get("nl", 0) >= 4,
    "Dutch under B2": lambda person: person.languages.get("nl", 0) < 4,
    "no work now": lambda person: person.jobs[-1][2] is not None,
    "education up to NLQF 2": lambda person: person.education <= 2,
}
PARTS = {  # features that an ablation adds one after the other
    "competence": ("competence", "core", "mastery"),
    "papers, education, language": ("failures", "papers_missing", "papers_hard", "education_short", "language_short"),
    "passion": ("passion",),
    "drive": ("drive", "motivation"),
    "hours and journey": ("hours_short", "minutes_over"),
    "competition and age": ("competition", "expected", "age"),
}


@dataclass(frozen=True)
class Split:
    """Applications known by a day, newest last, and those made after it."""

    early: History
    late: History

    def newest(self, n: int) -> History:
        return self.early.take(slice(max(0, len(self.early.invited) - n), None))


def split_by_time(history: History, day: date = SPLIT) -> Split:
    """Nothing of what is judged on was known, or even sent, on that day."""
    return Split(history.take(history.known <= day.toordinal()), history.take(later_than(history, day)))


def teach(seen: History) -> ChanceParameters:
    return fit_chance(seen.x, seen.invited, seen.person, seen.firm, seen.isco, seen.filled)


def judge(split: Split, sizes: tuple[int, ...] = SIZES) -> list[dict]:
    """One row for each number of outcomes and model, beside simpler models and three that know more than a model can.

    The oracle knows every chance. "Shown" knows all that an application shows and how it is weighed, but neither the person's
    ability nor the firm's tastes; how often a post is filled first it knows from replays in which those who compete have their true
    chances, so it is a bound rather too high than too low. "Level" is an oracle that learns the level of all chances from nothing
    but these outcomes: no bound, for who begins with a good guess of the level may know it better.
    """
    late = split.late
    y, truth = late.invited, late.chance
    worst = metrics.brier(base_rate_chances(split.early.invited, len(y)), y)
    rows = [_row(0, "oracle", truth, y, truth, worst), _row(0, "shown", late.shown, y, truth, worst)]
    for n in (*(size for size in sizes if size < len(split.early.invited)), len(split.early.invited)):
        seen = split.newest(n)
        model = teach(seen)
        said = predict(model, late.x, late.isco)
        rows.append(
            _row(n, "ours", said.p, y, truth, worst)
            | {
                "coverage": metrics.coverage(said.low, said.high, truth),
                **_coverage_by_band(said, truth),
                "width": float(np.median(said.high - said.low)),
                "enough": float(said.enough.mean()),
                "hidden": model.hidden,
                "spread": _spread(model, said.p, truth),
            }
        )
        if len(np.unique(seen.invited)) == 2:
            rows.append(_row(n, "level", _of_level(seen, truth), y, truth, worst))
            logistic = LogisticRegression(max_iter=2000).fit(seen.x, seen.invited)
            boosted = HistGradientBoostingClassifier(random_state=0).fit(seen.x, seen.invited)
            rows.append(_row(n, "logistic", logistic.predict_proba(late.x)[:, 1], y, truth, worst))
            rows.append(_row(n, "boosting", boosted.predict_proba(late.x)[:, 1], y, truth, worst))
    return rows


def _of_level(seen: History, truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """The oracle's chances with their level as these outcomes say: the most likely shift of all log-odds."""
    known, asked = (logit(np.clip(chance, LEAST, MOST)) for chance in (seen.chance, truth))
    return expit(asked + brentq(lambda shift: expit(known + shift).sum() - seen.invited.sum(), -BEYOND, BEYOND))


def _row(n: int, model: str, p, y, truth, worst: float) -> dict:
    return {
        "n": n, "model": model, "brier": metrics.brier(p, y), "below_base": 1 - metrics.brier(p, y) / worst,
        "auc": metrics.auc(p, y), "auc_gap": metrics.auc(truth, y) - metrics.auc(p, y), "ece": metrics.ece(p, y),
        "ece_true": metrics.ece(p, truth), "judged_on": len(y),
    }  # fmt: skip


def _coverage_by_band(said: Chances, truth: NDArray[np.float64]) -> dict[str, float]:
    """Coverage where little, something and much is said; NaN for a band in which nobody is."""
    band = np.digitize(said.p, BANDS)
    return {
        f"coverage_{name}": metrics.coverage(said.low[band == row], said.high[band == row], truth[band == row])
        if (band == row).any()
        else float("nan")
        for row, name in enumerate(("low", "middle", "high"))
    }


def _spread(model: ChanceParameters, p: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """How far true chances lie around what was said, log-odds: what `hidden` guesses and outcomes alone cannot tell."""
    said, own = (logit(np.clip(x, LEAST, MOST)) for x in (p, truth))
    return float(np.std(own - own_scale(model.hidden) * said))


def judge_hires(split: Split) -> dict:
    """The chance to be hired, an invitation included, from all early outcomes."""
    early, late = split.early, split.late
    called = early.take(early.invited == 1)
    after = fit_chance(called.x, called.hired, called.person, called.firm, called.isco, guess=HIRED)
    said = both(predict(teach(early), late.x, late.isco), predict(after, late.x, late.isco))
    base = metrics.brier(base_rate_chances(early.hired, len(late.hired)), late.hired)
    return _row(len(early.hired), "hired", said.p, late.hired, late.chance_hired, base) | {
        "coverage": metrics.coverage(said.low, said.high, late.chance_hired)
    }


def judge_groups(split: Split, setting: Setting) -> dict[str, float]:
    """Mean chance said minus share invited, by group that the model does not know of."""
    late = split.late
    p = predict(teach(split.early), late.x, late.isco).p
    member = {
        name: np.array([test(setting.persons[row]) for row in late.person.tolist()]) for name, test in GROUPS.items()
    }
    return group_gaps(p, late.invited, member, slice(None))


def ablate(split: Split) -> list[dict]:
    """Brier and AUC on later applications as parts of the features are added; a part left out is the same for all."""
    rows: list[dict] = []
    known: set[str] = set()
    for part, names in PARTS.items():
        known |= set(names)
        keep = np.array([name in known for name in NAMES])
        early, late = (_only(one, keep) for one in (split.early, split.late))
        p = predict(teach(replace(split.early, x=early)), late, split.late.isco).p
        rows.append(
            {"part": part, "brier": metrics.brier(p, split.late.invited), "auc": metrics.auc(p, split.late.invited)}
        )
    return rows


def _only(history: History, keep: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(keep, history.x, 0.0)
