"""Changes that the hub has made need not be told to it."""

import pytest

from mdxdash.remote.attached.origin import Origin


def test_changes_in_the_context_came_from_the_hub_also_if_one_fails():
    origin = Origin()
    with pytest.raises(ValueError), origin.hub():
        with origin.hub():
            assert origin.is_hub
        assert origin.is_hub
        raise ValueError
    assert not origin.is_hub
