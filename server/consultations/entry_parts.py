"""Entry parts: what the entries of staff are made of, in a file, a form, a command and the API."""

from server.consultations import values
from server.consultations.actions import NEWS_LENGTH, PROMISE_LENGTH, ActionState
from server.consultations.answers import ANSWER_LENGTH
from server.consultations.entries import Part
from server.consultations.numbering import HIGHEST_ID
from server.consultations.selection import REASON_LENGTH
from server.consultations.workshops import MOST_PARTNERS, MOST_PROPOSALS, OUTCOME_LENGTH

NAME = 120  # characters of whoever does, backs or answers something
TITLE = 140
UNIT = 60

number = values.whole(1, HIGHEST_ID)
day = Part(values.day, required=True)
name = Part(values.line(NAME), required=True, prose=True)
title = Part(values.line(TITLE), required=True, prose=True)
link = Part(values.link)
proposals = Part(number, most=MOST_PROPOSALS)

ANSWER = {
    "by": name,
    "office": Part(values.line(NAME), prose=True),
    "on": day,
    "text": Part(values.line(ANSWER_LENGTH), required=True, prose=True),
    "link": link,
}
SELECTED = {"on": day, "reason": Part(values.line(REASON_LENGTH), prose=True)}
WORKSHOP = {
    "title": title,
    "on": day,
    "partners": Part(values.line(NAME), most=MOST_PARTNERS, prose=True),
    "proposals": proposals,
    "outcome": Part(values.line(OUTCOME_LENGTH), prose=True),
    "link": link,
}
ENDORSEMENT = {"by": name, "on": day, "proposal": Part(number), "link": link}
TARGET = {
    "amount": Part(values.some, required=True),
    "unit": Part(values.line(UNIT), required=True, prose=True),
    "by": day,
}
NEWS = {
    "on": day,
    "text": Part(values.line(NEWS_LENGTH), required=True, prose=True),
    "amount": Part(values.amount),
    "source": link,
}
ACTION = {
    "title": title,
    "partner": name,
    "promise": Part(values.line(PROMISE_LENGTH), required=True, prose=True),
    "on": day,
    "state": Part(values.choice(ActionState)),
    "proposals": proposals,
}
FORMER = {"text": ANSWER["text"], "until": day}
