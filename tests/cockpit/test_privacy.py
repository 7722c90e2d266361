"""Suppression: nobody can be found, also not by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from cockpit.privacy import share, suppress

counts = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 60), max_size=12)


@given(counts, st.integers(2, 20))
def test_no_small_group_is_shown(groups, smallest):
    assert all(count is None or count == 0 or count >= smallest for count in suppress(groups, smallest).values())


@given(counts, st.integers(2, 20))
def test_the_total_minus_what_is_shown_never_reveals_a_small_group(groups, smallest):
    shown = suppress(groups, smallest)
    hidden = [key for key, count in shown.items() if count is None]
    positive = [count for count in groups.values() if count > 0]
    if not hidden or len(hidden) == len(positive):
        return  # nothing hidden, or nothing shown to subtract
    rest = sum(groups.values()) - sum(count for count in shown.values() if count is not None)
    assert len(hidden) >= 2
    assert rest >= smallest


@given(counts, st.integers(2, 20))
def test_what_is_shown_is_true(groups, smallest):
    assert all(count in (None, groups[key]) for key, count in suppress(groups, smallest).items())


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_share_hides_small_parts_and_small_rests(part, rest):
    shown = share(part, part + rest, smallest=10)
    if 0 < part < 10 or 0 < rest < 10 or part + rest < 10:
        assert shown is None
    else:
        assert shown == round(100 * part / (part + rest))
