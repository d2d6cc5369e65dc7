"""`mdxdash remdis`: what is put in is checked before anything is reached."""

from tests.support.programs import mdxdash


def test_what_an_agent_consumes_is_asked_for():
    result = mdxdash("remdis", "put", "tts", "AAAA")
    assert result.returncode == 1
    assert "an agent consumes tts" in result.stderr


def test_what_would_end_an_agent_is_refused():
    arguments = ("put", "tts", "null", "--to-agent", "--data-type", "audio")
    result = mdxdash("remdis", *arguments)
    assert result.returncode == 1
    assert "it would end the agent: body is null" in result.stderr


def test_a_broker_that_is_not_there_is_named():
    result = mdxdash("remdis", "put", "asr", "hello", "--url", "amqp://localhost:1")
    assert result.returncode == 1
    assert "amqp://localhost:1 cannot be reached: nothing listens there" in result.stderr
