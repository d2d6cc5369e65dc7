"""What becomes of a message, before anything is done with it."""

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.hub.traffic.decision import Decision, decide
from mdxdash.hub.traffic.send_queue import Outgoing, SendQueue
from mdxdash.wire.message import parse_message


class Agent(msgspec.Struct):
    name: str
    known: AnnouncedState
    queue: SendQueue


def agent(name: str = "chat", *, waiting: int = 0) -> Agent:
    queue = SendQueue(2)
    for _ in range(waiting):
        queue.put(Outgoing.of(parse_message("A")))
    return Agent(name, AnnouncedState(), queue)


def decided(line: str, *agents: Agent, sure: bool = False) -> Decision[Agent]:
    return decide(Outgoing.of(parse_message(line)), agents, sure=sure)


def test_each_agent_with_room_gets_it():
    decision = decided("A", agent("one"), agent("two", waiting=1))
    assert (decision.names, decision.reasons, decision.asked) == (("one", "two"), (), ())


def test_one_whose_queue_is_full_does_not():
    decision = decided("A", agent("one", waiting=2), agent("two"))
    assert decision.names == ("two",)
    assert decision.reasons == ("one: 2 lines already wait for this agent; nothing was added",)


def test_what_may_harm_one_goes_to_nobody_unless_sure():
    decision = decided("SUBFST_START|x|y.fst", agent())
    assert (decision.takers, decision.refusals) == ((), ())
    assert "A301" in decision.asked[0]
    assert decided("SUBFST_START|x|y.fst", agent(), sure=True).names == ("chat",)


def test_what_harms_for_certain_is_refused_also_where_sure():
    decision = decided("RECOG_MODIFY|GAIN", agent(), sure=True)
    assert decision.names == ()
    assert "C203" in decision.reasons[0]


def test_nothing_is_changed():
    one = agent()
    decided("MOTION_ADD|0|wave|wave.vmd", one)
    assert (len(one.queue), one.known.names("motion")) == (0, ())


def test_without_agents_nobody_gets_it():
    assert decided("A") == Decision()
