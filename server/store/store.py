"""The store: everything that is kept, one noun each."""

from dataclasses import dataclass

import redis

from server.consultations.brakes import VoterBrake
from server.store.acts import Acts
from server.store.ballots import Ballots
from server.store.caller import Caller
from server.store.clock import StoreClock
from server.store.committing import Committing
from server.store.connection import Client, StoreUnfit, close, connect
from server.store.consultations import Consultations
from server.store.deeds import Deeds
from server.store.dossiers import Dossiers
from server.store.figures import FigureBook
from server.store.filing import Filing
from server.store.fitness import check, check_replicas, durability
from server.store.following import Following
from server.store.forgotten import ForgottenPeople
from server.store.minutes import Minutes
from server.store.moderation import Moderation, moderation
from server.store.participation import Curves
from server.store.proposing import Proposing
from server.store.published import Publications
from server.store.purge import Purge
from server.store.records import Records
from server.store.recount import Recount
from server.store.reports import Reports
from server.store.running import Running
from server.store.staff import Staff
from server.store.tallies import Tallies
from server.store.voters import Voters

BRAKE = VoterBrake()


@dataclass(frozen=True)
class Store:
    """`durability` is what an acknowledged vote survives.

    `replica-fsync`: the loss of a whole machine; `fsync`: a crash; `≤2s`: a crash, but for what
    came in the last two seconds; `memory`: nothing.
    """

    redis: Client
    clock: StoreClock
    consultations: Consultations
    filing: Filing
    ballots: Ballots
    voters: Voters
    tallies: Tallies
    recount: Recount
    records: Records
    published: Publications
    minutes: Minutes
    dossiers: Dossiers
    purge: Purge
    forgotten: ForgottenPeople
    proposing: Proposing
    figures: FigureBook
    participation: Curves
    acts: Acts
    staff: Staff
    moderation: Moderation
    running: Running
    following: Following
    committing: Committing
    reports: Reports
    durability: str
    caller: Caller

    def close(self) -> None:
        self.caller.hang_up()
        close(self.redis)


def open_store(
    url: str, replicas: int = 0, brake: VoterBrake = BRAKE, demand_replicas: bool = True
) -> Store:
    """Open the store at `url`; raise `StoreUnfit` if it is missing or would lose votes.

    `replicas` is how many other machines must have a vote on their disk before it is answered;
    who takes no votes need not demand that they are there.
    """
    try:
        client = connect(url)
        check(client)
        if replicas and demand_replicas:
            check_replicas(client, replicas)
        clock = StoreClock(client)
        policy = "replica-fsync" if replicas else durability(client)
    except (redis.RedisError, ValueError) as error:
        raise StoreUnfit(f"The store cannot be used: {error}.") from error
    consultations, caller = Consultations(client), Caller(client, replicas)
    recount = Recount(client, consultations)
    forgotten, acts = ForgottenPeople(client, caller, replicas), Acts(client, clock)
    desk = moderation(client, clock, caller, consultations)
    deeds = Deeds(client, acts)
    filing, ballots = Filing(client, consultations), Ballots(client, clock, caller, brake)
    running = Running(consultations, filing, ballots, deeds)
    return Store(
        redis=client,
        clock=clock,
        consultations=consultations,
        filing=filing,
        ballots=ballots,
        voters=Voters(client, clock, caller, recount, forgotten),
        tallies=Tallies(client),
        recount=recount,
        records=Records(client),
        published=Publications(client, clock),
        minutes=Minutes(client, caller, clock),
        dossiers=Dossiers(client, acts),
        purge=Purge(client, replicas),
        forgotten=forgotten,
        figures=FigureBook(client, clock),
        participation=Curves(client, clock),
        acts=acts,
        staff=Staff(client, clock, acts),
        proposing=Proposing(client, clock, caller, desk.submissions, desk.decisions),
        moderation=desk,
        running=running,
        following=Following(running),
        committing=Committing(consultations, deeds),
        reports=Reports(client, clock, consultations, deeds),
        durability=policy,
        caller=caller,
    )
