"""A hub elsewhere, as its agents show it, and what probably becomes of a message."""

from mdxdash.catalog.announced import Announcements
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.interface import Delivery
from mdxdash.remote.attached.mirrored_hub import MirroredHub
from mdxdash.remote.protocol import Agents, AgentState, Announced
from mdxdash.wire.message import Message, parse_message
from tests.support.scripted_hub import agent_state, welcome


class Hub(MirroredHub):
    """Keeps what would be sent."""

    def __init__(self, *agents: AgentState, problem: str = "", **fields: object) -> None:
        self.log = EventLog()
        self.sent: list[tuple[str, str | None, bool]] = []
        self.problem = problem
        super().__init__(welcome(**fields), self.log, self._keep)
        self.take_agents(Agents(agents))

    def _keep(self, message: Message, target: str | None, sure: bool, _: Delivery) -> str:
        if not self.problem:
            self.sent.append((str(message), target, sure))
        return self.problem


def test_an_agent_stays_the_same_object_and_knows_what_it_announced():
    hub = Hub(agent_state())
    before = hub.agents[0]
    before.known.observe("MODEL_EVENT_ADD", "gene")
    hub.take_agents(Agents((agent_state(queued=1),)))
    assert hub.agents[0] is before
    assert hub.agents[0].known.names("model") == ("gene",)


def test_targets_are_names_patterns_and_groups():
    hub = Hub(
        agent_state(),
        agent_state("chat-1"),
        agent_state("gone", "gone"),
        groups={"all of them": ("chat*",)},
    )
    names = {t: [a.name for a in hub.targets(t)] for t in (None, "=chat", "*-1", "all of them")}
    assert names == {
        None: ["chat", "chat-1"],
        "=chat": ["chat"],
        "*-1": ["chat-1"],
        "all of them": ["chat", "chat-1"],
    }


def test_a_message_is_handed_over_and_probably_taken():
    hub = Hub(agent_state())
    assert hub.send(parse_message("A|1"), "=chat") == Delivery(("chat",))
    assert hub.sent == [("A|1", "=chat", False)]


def test_what_may_harm_is_asked_for_before_it_is_handed_over():
    hub = Hub(agent_state())
    line = parse_message("SUBFST_START|x|y.fst")
    assert "A301" in hub.send(line).asked[0]
    assert not hub.sent
    assert hub.send(line, sure=True).agents == ("chat",)
    assert Hub(agent_state(), unsafe=True).send(line).agents == ("chat",)


def test_what_certainly_harms_is_handed_over_all_the_same_since_the_hub_records_it():
    hub = Hub(agent_state())
    assert "C203" in hub.send(parse_message("RECOG_MODIFY|GAIN")).refused[0]
    assert hub.sent


def test_a_full_queue_is_expected_to_refuse():
    hub = Hub(agent_state(queued=10))
    assert "10 lines already wait" in hub.send(parse_message("A")).refused[0]


def test_nothing_is_sent_without_a_connection_or_to_read_only():
    assert Hub(agent_state(), problem="not connected").send(parse_message("A")).refused == (
        "not connected",
    )
    hub = Hub(agent_state(), read_only=True)
    assert "only reads" in hub.send(parse_message("A")).refused[0]
    assert not hub.sent


def test_what_an_agent_announces_is_followed_from_its_events():
    hub = Hub(agent_state())
    hub.log.append("received", "chat", "MODEL_EVENT_ADD", "before")
    hub.take_announced(Announced("chat", 2, Announcements({"model": ("old",)})))
    hub.log.append("received", "chat", "MODEL_EVENT_ADD", "gene")
    hub.log.append("log", "chat", "MODEL_EVENT_ADD", "mei", level="Sent")
    hub.log.append("received", "other", "MODEL_EVENT_ADD", "miku")
    assert hub.agents[0].known.names("model") == ("mei", "gene", "old")
    hub.log.append("connected", "chat", text="server ws://up", via="server")
    assert hub.agents[0].known.names("model")
    hub.log.append("connected", "chat", text="127.0.0.1:5 /chat")
    assert not hub.agents[0].known.names("model")


def test_events_that_came_before_the_description_are_followed_too():
    hub = Hub(agent_state())
    for name in ("1", "2"):
        hub.log.append("received", "chat", "MODEL_EVENT_ADD", name)
    hub.take_announced(Announced("chat", 2, Announcements({"model": ("1",)})))
    assert hub.agents[0].known.names("model") == ("2", "1")
    hub.take_announced(Announced("nobody", 1, Announcements()))


def test_events_that_the_description_holds_already_are_not_followed_again():
    hub = Hub()
    hub.log.skip_to(10)
    hub.take_announced(Announced("chat", 12, Announcements(facts=frozenset({"main_script_runs"}))))
    hub.log.extend(
        [
            Event(10, 1e9, "received", "chat", "FST_LOAD", "old.fst"),
            Event(11, 1e9, "received", "chat", "MODEL_EVENT_ADD", "deleted later"),
            Event(12, 1e9, "received", "chat", "MODEL_EVENT_ADD", "gene"),
        ]
    )
    hub.take_agents(Agents((agent_state(),)))
    assert hub.agents[0].known.names("model") == ("gene",)
    assert hub.send(parse_message("SUBFST_START|x|y.fst")).agents == ("chat",)


def test_what_a_new_agent_announced_before_it_was_described_is_known():
    hub = Hub()
    hub.log.append("received", "chat", "MODEL_EVENT_ADD", "of an earlier life")
    hub.log.append("connected", "chat", text="127.0.0.1:5 /chat")
    hub.log.append("received", "chat", "MODEL_EVENT_ADD", "gene")
    hub.log.append("received", "other", "MODEL_EVENT_ADD", "miku")
    hub.take_agents(Agents((agent_state(),)))
    assert hub.agents[0].known.names("model") == ("gene",)


def test_what_a_sent_command_brings_about_is_known():
    hub = Hub(agent_state())
    hub.log.append("sent", "chat", "MOTIONCAPTURE_START", "gene|a.vmd", via="server")
    assert not hub.agents[0].known.exists("motion capture", "gene")
    hub.log.append("sent", "chat", "MOTIONCAPTURE_START", "gene|a.vmd")
    assert hub.agents[0].known.exists("motion capture", "gene")


def test_a_secret_that_is_kept_leaves_nothing_to_copy():
    shown = ("Plugin_Remote_Websocket_Directory=/chat/***",)
    assert Hub(mdf_lines=shown).full_mdf_lines == ()
    assert Hub(mdf_lines=shown, full_mdf_lines=("…=/chat/abc",)).full_mdf_lines == ("…=/chat/abc",)
    assert Hub(mdf_lines=("…=/chat",)).full_mdf_lines == ("…=/chat",)


def test_a_line_that_is_not_handed_over_brings_nothing_about():
    hub = Hub(agent_state(), problem="not connected")
    hub.send(parse_message("MOTION_ADD|0|wave|wave.vmd"))
    assert hub.agents[0].known.names("motion") == ()
    hub.problem = ""
    hub.send(parse_message("MOTION_ADD|0|wave|wave.vmd"))
    assert hub.agents[0].known.names("motion") == ("wave",)
