"""Rules about the host, port and path that an agent connects to."""

import re
from typing import Final

from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.mdf_file import leading_number
from mdxdash.doctor.rule import Rule, RuleContext
from mdxdash.doctor.setting_names import FEW_RETRIES, HOST, MANY_RETRIES, PATH, PORT, RETRIES
from mdxdash.hub.address import PATH_SUFFIX
from mdxdash.language.translation import N_
from mdxdash.settings.redaction import redact_path


def _no_host(context: RuleContext) -> Diagnosis | None:
    if context.value(HOST):
        return None
    text = N_("Without {setting} the agent connects to nothing.").format(setting=HOST)
    wanted = context.hub.settings
    if leading_number(context.value(RETRIES, "0")) < FEW_RETRIES:
        wanted[RETRIES] = MANY_RETRIES
    sets = tuple((key, value) for key, value in wanted.items() if context.value(key) != value)
    return context.diagnosis("D121", "error", HOST, text, sets, (PORT, PATH, RETRIES))


def _host_is_url(context: RuleContext) -> Diagnosis | None:
    host = context.value(HOST)
    if "/" not in host and not re.fullmatch(r"[^:\[\]]+:\d+", host):
        return None
    text = N_("{setting}={host}: expected only a name or address, such as {hosts}.").format(
        setting=HOST, host=host, hosts=context.hub.hosts[0]
    )
    return context.diagnosis("D122", "error", HOST, text, ((HOST, context.hub.hosts[0]),))


def _other_host(context: RuleContext) -> Diagnosis | None:
    host = context.value(HOST)
    if host.lower() in (name.lower() for name in context.hub.hosts):
        return None
    why = N_(" (a space belongs to the name)") if host != host.strip() else ""
    text = N_("{setting}={host}{why}, but this mdxdash is at {hosts}.").format(
        setting=HOST, host=host, why=why, hosts=context.hub.hosts[0]
    )
    return context.diagnosis("D123", "error", HOST, text, ((HOST, context.hub.hosts[0]),))


def _no_port(context: RuleContext) -> Diagnosis | None:
    if context.mdf.find(PORT) is not None or context.hub.port == 80:
        return None
    text = N_(
        "Without {setting} the agent connects to port 80; this mdxdash is at port {port}."
    ).format(setting=PORT, port=context.hub.port)
    return context.diagnosis("D131", "error", PORT, text, ((PORT, str(context.hub.port)),))


def _secure_port(context: RuleContext) -> Diagnosis | None:
    if _port(context) != 443 or context.hub.tls:
        return None
    text = N_(
        "At port 443 the agent speaks TLS (wss://), which this mdxdash does not: give it "
        "--tls-cert and --tls-key (`mdxdash cert` makes a pair), or let the agent connect "
        "to port {port}."
    ).format(port=context.hub.port)
    sets = () if context.hub.port == 443 else ((PORT, str(context.hub.port)),)
    return context.diagnosis("D132", "error", PORT, text, sets)


def _insecure_port(context: RuleContext) -> Diagnosis | None:
    if _port(context) == 443 or not context.hub.tls:
        return None
    text = N_(
        "This mdxdash speaks TLS, which the agent does at port 443 only; it connects to port "
        "{setting}."
    ).format(setting=context.value(PORT, "80"))
    if context.hub.port != 443:
        text += N_(" Start mdxdash with --port 443, or let another port 443 lead to it.")
    sets = ((PORT, "443"),) if context.hub.port == 443 else ()
    return context.diagnosis("D133", "error", PORT, text, sets)


def _other_port(context: RuleContext) -> Diagnosis | None:
    if _port(context) == context.hub.port:
        return None
    text = N_("{setting}={value}, but this mdxdash is at port {port}.").format(
        setting=PORT, value=context.value(PORT), port=context.hub.port
    )
    return context.diagnosis("D134", "error", PORT, text, ((PORT, str(context.hub.port)),))


def _port(context: RuleContext) -> int:
    return leading_number(context.value(PORT, "80"))


def _no_path(context: RuleContext) -> Diagnosis | None:
    if context.mdf.find(PATH) is not None or context.hub.path == "/":
        return None
    text = N_("Without {setting} the agent asks for /; the path here is {expected}.").format(
        setting=PATH, expected=context.hub.shown_path
    )
    return context.diagnosis("D141", "error", PATH, text, ((PATH, context.hub.path),))


def _relative_path(context: RuleContext) -> Diagnosis | None:
    path = context.value(PATH, "/")
    if path.startswith("/"):
        return None
    text = N_("{setting} does not begin with /; the path here is {expected}.").format(
        setting=PATH, expected=context.hub.shown_path
    )
    return context.diagnosis("D142", "error", PATH, text, ((PATH, context.hub.path),))


def _other_path(context: RuleContext) -> Diagnosis | None:
    path = context.value(PATH, "/")
    if path.startswith(context.hub.path) and PATH_SUFFIX.fullmatch(path, len(context.hub.path)):
        return None
    if context.hub.shown_path != context.hub.path:
        text = N_("{setting} is not this mdxdash's path with its secret, {expected}.").format(
            setting=PATH, expected=context.hub.shown_path
        )
    else:
        text = N_("{setting}={path}, but the path here is {expected}.").format(
            setting=PATH, path=redact_path(path), expected=context.hub.path
        )
    return context.diagnosis("D143", "error", PATH, text, ((PATH, context.hub.path),))


ADDRESS_RULES: Final = (
    Rule("D121", "no host", "Without a host the agent connects to nothing.", _no_host),
    Rule(
        "D122",
        "a URL for a host",
        f"{HOST} takes a name or address alone; the port and the path have settings of their own.",
        _host_is_url,
    ),
    Rule(
        "D123",
        "another host",
        "The agent connects to another machine than the one where mdxdash listens by its settings. "
        "What follows a value on its line belongs to the value.",
        _other_host,
    ),
    Rule("D131", "no port", "Without a port the agent connects to port 80.", _no_port),
    Rule(
        "D132",
        "port 443 without TLS here",
        "At this port, and at no other, the agent speaks TLS (wss://). mdxdash does when it is "
        "given a certificate.",
        _secure_port,
    ),
    Rule(
        "D133",
        "TLS here, and another port than 443",
        "The agent speaks TLS (wss://) at port 443 only, and here is TLS.",
        _insecure_port,
    ),
    Rule(
        "D134",
        "another port",
        "The agent connects to a port at which mdxdash does not listen by its settings.",
        _other_port,
    ),
    Rule("D141", "no path", "Without a path the agent asks for the path /.", _no_path),
    Rule(
        "D142",
        "a path without its slash",
        "The agent asks for the path as it stands there, and a path begins with /.",
        _relative_path,
    ),
    Rule(
        "D143",
        "another path",
        "mdxdash accepts agents at its own path, followed by its secret if it has one, and at "
        "the same path followed by -1 and so on.",
        _other_path,
    ),
)
