"""What a file takes out of one server or a cluster, and brings into it."""

from dataclasses import replace

from server.consultations.consultation import Consultation
from server.consultations.moderation import accept, merge, postpone
from server.consultations.proposing import RefusalReason
from server.store.store import Store
from tests.store.desk import NORA, propose

LATER = 1_990_000_000_000  # milliseconds


def test_what_is_taken_out_and_brought_in_again_is_the_same(
    store: Store, opened: Consultation
) -> None:
    """Read in one transaction: all of a consultation's own keys lie in one slot."""
    first, twin, third = propose(store, opened, "dormir", "sommeiller", "courir")
    desk = store.moderation.decisions
    edited = accept(first, text="Il faut mieux dormir")
    desk.decide(opened, NORA, [edited, accept(twin), postpone(third, LATER, "plus tard")], hold=0)
    desk.decide(opened, NORA, [merge(twin, first)], hold=0)
    desk.take_down(opened, NORA, 3, RefusalReason.LEGAL)
    store.moderation.tagging.set_labels(opened, ["nuit"])
    store.moderation.tagging.tag(opened, NORA, first, ["nuit"])
    found = store.filing.whole(opened)
    assert (found.handled[twin].into, found.handled[3].down) == (first, True)
    assert found.handled[third].postponed
    copy = replace(found, consultation=replace(opened, slug="copie"))
    made = store.filing.take_in(copy)
    again = store.filing.whole(made)
    assert replace(again, consultation=opened) == found
    assert store.consultations.proposals(made) == store.consultations.proposals(opened)
    assert propose(store, made, "rêver") == [third + 1], "no number is given twice"
