"""Commands of the user are filled in."""

from mdxdash.processes.child_process import filled


def test_a_value_is_taken_as_it_is() -> None:
    values = {"text": "say {out}", "out": "{text}.wav"}
    assert filled(["x", "-o{out}", "{text}{text}", "{other}"], values) == [
        "x",
        "-o{text}.wav",
        "say {out}say {out}",
        "{other}",
    ]
