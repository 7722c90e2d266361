"""References that mean something in one place only."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import seal, unseal

ids = st.integers(min_value=1, max_value=2**63 - 1)


@given(scope=ids, pk=ids)
def test_a_reference_leads_back_to_its_row_within_its_scope(scope, pk):
    assert unseal(scope, seal(scope, pk)) == pk
    assert seal(scope, pk) == seal(scope, pk)


@given(scope=ids, other=ids, pk=ids)
def test_a_reference_of_elsewhere_leads_nowhere(scope, other, pk):
    if scope != other:
        assert unseal(other, seal(scope, pk)) is None
        assert seal(other, pk) != seal(scope, pk)


def test_a_made_up_reference_leads_nowhere():
    assert unseal(1, uuid.UUID(int=1)) is None
    assert unseal(1, uuid.uuid4()) is None


def test_another_secret_gives_other_references(settings):
    before = seal(1, 2)
    settings.SECRET_KEY = "something else"
    assert seal(1, 2) != before
    assert unseal(1, before) is None


def test_references_of_neighbours_have_nothing_in_common():
    first, second = (seal(1, pk).int for pk in (1, 2))
    assert 32 < (first ^ second).bit_count() < 96


def test_numbers_too_large_for_a_row_are_refused():
    with pytest.raises(OverflowError):
        seal(1, 2**64)
