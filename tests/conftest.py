"""Hypothesis for the whole suite.

`ci` is the default: no deadline, because a loaded machine is no failure, and the blob that repeats
a failed example is printed. `soak` tries more examples:
`MDXDASH_EXAMPLES=200000 python -m pytest --hypothesis-profile soak tests/wire/test_proof.py`.
"""

import os

from hypothesis import settings

settings.register_profile("ci", deadline=None, print_blob=True)
settings.register_profile(
    "soak",
    settings.get_profile("ci"),
    max_examples=int(os.environ.get("MDXDASH_EXAMPLES", "10000")),
)
settings.load_profile("soak" if "MDXDASH_EXAMPLES" in os.environ else "ci")
