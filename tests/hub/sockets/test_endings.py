"""By its text it is found how a connection ended."""

from mdxdash.hub.sockets.endings import CLOSED_BY_AGENT, LOST_BY_ERROR, is_one_of


def test_a_text_is_found_by_how_its_template_begins():
    text = LOST_BY_ERROR.format(cause="Connection timed out")
    assert is_one_of(text, CLOSED_BY_AGENT, LOST_BY_ERROR)
    assert not is_one_of(text, CLOSED_BY_AGENT)
