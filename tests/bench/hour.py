"""An hour of 2,000 events a second, faster than life: `python -m tests.bench.hour`.

Floods `mdxdash serve`, recording, with 7,200,000 events in 36 connections, and prints its memory,
threads and open files after each tenth: flat once the log's bound is reached. Linux (/proc).
"""

from pathlib import Path

from tests.bench.programs import piped
from tests.support.flood import flood

EVENTS = 2_000 * 3_600
PARTS = 36


def main() -> None:
    command = ("-m", "mdxdash", "serve", "--port", "0", "--format", "jsonl")
    print("| events | resident MiB | threads | open files |\n|---|---|---|---|")
    with piped(*command) as (serve, first):
        url = first.split()[-1].replace("localhost", "127.0.0.1")
        for part in range(1, PARTS + 1):
            flood(url, EVENTS // PARTS)
            if part % 4 == 0 or part == 1:
                process = Path(f"/proc/{serve.pid}")
                status = process.joinpath("status").read_text(encoding="ascii")
                found = dict(line.split(":", 1) for line in status.splitlines())
                resident = int(found["VmRSS"].split()[0]) / 1024
                files = len(list(process.joinpath("fd").iterdir()))
                done = EVENTS // PARTS * part
                threads = found["Threads"].strip()
                print(f"| {done:,} | {resident:.0f} | {threads} | {files} |", flush=True)


main()
