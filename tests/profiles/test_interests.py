"""The thirty choices and the six scores that follow from them."""

from hypothesis import given
from hypothesis import strategies as st

from profiles.interests import ITEMS, LEAST_ANSWERS, PAGES, PER_PAGE, TYPES, items_of_page, score

answered = st.dictionaries(st.sampled_from(list(ITEMS)), st.integers(0, 2))
complete = st.fixed_dictionaries({key: st.integers(0, 2) for key in ITEMS})


def test_every_page_has_one_item_of_each_type():
    for page in range(1, PAGES + 1):
        items = items_of_page(page)
        assert len(items) == PER_PAGE
        assert sorted(key.partition("_")[0] for key in items) == sorted(TYPES)
    assert sum(len(items_of_page(page)) for page in range(1, PAGES + 1)) == 30


@given(answered)
def test_scores_are_all_known_or_all_unknown(answers):
    scores = score(answers)
    enough = all(sum(key.startswith(f"{name}_") for key in answers) >= LEAST_ANSWERS for name in TYPES)
    assert (None not in scores) == enough
    assert enough or set(scores) == {None}
    assert all(0 <= value <= 100 for value in scores if value is not None)


@given(complete, st.sampled_from(list(ITEMS)))
def test_liking_something_more_raises_its_own_type_and_no_other(answers, key):
    more = answers | {key: min(answers[key] + 1, 2)}
    before, after = score(answers), score(more)
    for name, old, new in zip(TYPES, before, after, strict=True):
        if key.startswith(f"{name}_") and more != answers:
            assert new > old
        else:
            assert new == old


@given(complete)
def test_the_order_of_the_answers_does_not_matter(answers):
    assert score(dict(reversed(answers.items()))) == score(answers)


def test_the_extremes_are_0_and_100():
    assert score(dict.fromkeys(ITEMS, 2)) == (100,) * 6
    assert score(dict.fromkeys(ITEMS, 0)) == (0,) * 6
    assert score(dict.fromkeys(ITEMS, 1)) == (50,) * 6


def test_unknown_keys_count_for_nothing():
    assert score({"social_hacking": 2, "nothing": 1}) == (None,) * 6
