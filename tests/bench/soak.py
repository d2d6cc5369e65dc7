"""`python -m tests.bench.soak [SHARE]` tries the properties that hold mdxdash against bad input.

Two million examples in all, a million of them for the frames, or the SHARE of it (0.01: twenty
thousand); at least 100,000 of each kind.
Prints a row for each property as it ends, and ends with 1 if one failed.
"""

import os
import subprocess
import sys
import time
from typing import Final, NamedTuple


class Property(NamedTuple):
    """A property test, and how many examples it gets."""

    kind: str
    test: str
    examples: int


PROPERTIES: Final = (
    Property(
        "frames: read in one pass against websockets alone",
        "tests/hub/test_connection.py::test_any_stream_has_the_same_effect_as_in_websockets_alone",
        1_000_000,
    ),
    Property(
        "relay guard against the agent's parser",
        "tests/hub/relay/test_guard.py::test_no_frames_that_pass_a_guard_harm_the_agent_s_parser",
        130_000,
    ),
    Property(
        "relay without guard: harm is flagged",
        "tests/hub/relay/test_guard.py::test_frames_that_harm_the_agent_s_parser_are_flagged",
        130_000,
    ),
    Property(
        "completion against the agent's parser",
        "tests/hub/relay/test_guard.py::test_a_completion_never_harms_the_agent_s_parser",
        130_000,
    ),
    Property(
        "line decoder: as specified, in linear steps",
        "tests/wire/test_decoding.py::test_lines_are_the_specified_ones_however_frames_cut_them",
        200_000,
    ),
    Property(
        "line decoder: no byte is lost",
        "tests/wire/test_decoding.py::test_garbage_never_raises_and_loses_no_byte_but_line_ends",
        100_000,
    ),
    Property(
        "filter with patterns, under the time-out",
        "tests/filters/test_regex.py::test_any_expression_is_taken_or_refused_or_stopped",
        200_000,
    ),
    Property(
        "importers: any file is read or refused",
        "tests/scenarios/test_any_file.py"
        "::test_any_file_is_exported_and_counted_or_refused_with_a_reason",
        110_000,
    ),
)


def main() -> None:
    """Runs them one after the other."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    print("| property | examples | seconds | result |\n|---|---|---|---|", flush=True)
    failed = False
    for kind, test, whole in PROPERTIES:
        examples = max(1, int(whole * share))
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", test],
            env=os.environ | {"MDXDASH_EXAMPLES": str(examples)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        seconds = time.monotonic() - began
        result = "passed" if done.returncode == 0 else "FAILED"
        print(f"| {kind} | {examples:,} | {seconds:,.0f} | {result} |", flush=True)
        if done.returncode:
            failed = True
            print(done.stdout, flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
