"""Elapsed time as a short text."""


def elapsed(seconds: float) -> str:
    """A number of seconds as a person reads it: `12 s`, `04:31`, `1:02:03`."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"
