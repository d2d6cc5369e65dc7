"""`python -m mdxdash` is `mdxdash`."""

from mdxdash.cli import main

main()
