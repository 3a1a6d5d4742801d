"""Moderation: all that staff do with readers' proposals, one noun each."""

from dataclasses import dataclass

from server.store.caller import Caller
from server.store.cases import Cases
from server.store.clock import StoreClock
from server.store.connection import Client
from server.store.consultations import Consultations
from server.store.decisions import Decisions
from server.store.desk import Desk
from server.store.index import Index
from server.store.queue import Queue
from server.store.second import SecondLook
from server.store.submissions import Submissions
from server.store.tagging import Tagging
from server.store.trail import Trail


@dataclass(frozen=True)
class Moderation:
    submissions: Submissions
    decisions: Decisions
    cases: Cases
    index: Index
    queue: Queue
    tagging: Tagging
    second: SecondLook
    trail: Trail


def moderation(
    client: Client, clock: StoreClock, caller: Caller, consultations: Consultations
) -> Moderation:
    """Return the desk of staff at a store."""
    desk, submissions, trail = Desk(caller, clock), Submissions(client), Trail(client)
    decisions = Decisions(client, desk, consultations, submissions)
    cases, index = Cases(client, desk, submissions, decisions), Index(client, desk)
    return Moderation(
        submissions=submissions,
        decisions=decisions,
        cases=cases,
        index=index,
        queue=Queue(client, desk, cases, index),
        tagging=Tagging(client, desk),
        second=SecondLook(client, desk, cases, decisions, trail),
        trail=trail,
    )
