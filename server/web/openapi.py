"""The API's own description, drawn from the schemas that check it."""

from functools import cache
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Response, jsonify
from marshmallow import Schema

from server.staff import action_schemas as actions
from server.staff import consultation_schemas as running
from server.staff import followup_schemas as followup
from server.staff import moderation_schemas as moderation
from server.staff import schemas as staff
from server.version import VERSION
from server.web import minutes
from server.web.schemas.ballots import (
    BallotAnswer,
    CredentialAnswer,
    ForgetAnswer,
    PersonalDeckAnswer,
    RecordAnswer,
)
from server.web.schemas.consultations import ConsultationAnswer, OutcomeAnswer, PublicResultsAnswer
from server.web.schemas.minutes import KeysAnswer, MinutesAnswer
from server.web.schemas.problems import ProblemAnswer
from server.web.schemas.proposals import ProposedAnswer, SimilarAnswer
from server.web.schemas.requests import (
    BallotRequest,
    CredentialRequest,
    ForgetRequest,
    ProposalRequest,
    SimilarRequest,
    WithdrawRequest,
)

blueprint = Blueprint("openapi", __name__)

BASE = "/api/v1/consultations"
STAFF = "/api/v1/staff"
ASKED = f"{STAFF}/consultations/{{slug}}"
TOKEN = "staffToken"  # noqa: S105 - what the document calls it
ACTIONS = f"{STAFF}/consultations/{{slug}}/actions"
ACTION = f"{ACTIONS}/{{number}}"
DECISION = f"{STAFF}/consultations/{{slug}}/proposals/{{number}}/decision"
OPERATIONS: tuple[tuple[str, str, str, type[Schema] | None, type[Schema]], ...] = (
    ("/api/v1/credential", "post", "Get a credential; nothing is kept",
     CredentialRequest, CredentialAnswer),
    (f"{BASE}/{{slug}}/proposals/{{proposal}}/ballot", "put", "State the ballot wanted",
     BallotRequest, BallotAnswer),
    (f"{BASE}/{{slug}}/proposals/{{proposal}}/ballot", "delete", "Take a ballot back",
     WithdrawRequest, BallotAnswer),
    (f"{BASE}/{{slug}}/proposals", "post", "Propose; staff decide before anybody sees it",
     ProposalRequest, ProposedAnswer),
    (f"{BASE}/{{slug}}/proposals/similar", "post", "What is published and says nearly the same",
     SimilarRequest, SimilarAnswer),
    (f"{BASE}/{{slug}}/me", "get", "All that is kept of this reader",
     None, RecordAnswer),
    (f"{BASE}/{{slug}}/me", "delete", "Forget this reader: their ballots, or after the close the link",
     ForgetRequest, ForgetAnswer),
    (f"{BASE}/{{slug}}", "get", "A consultation", None, ConsultationAnswer),
    (f"{BASE}/{{slug}}/deck", "get", "The shared deck, or the reader's own",
     None, PersonalDeckAnswer),
    (f"{BASE}/{{slug}}/results", "get", "What the rule lets this reader see",
     None, PublicResultsAnswer),
    (f"{BASE}/{{slug}}/outcome", "get", "What it came to: the best supported, what was selected, done and answered",
     None, OutcomeAnswer),
    (f"{BASE}/{{slug}}/minutes", "get", "The signed final record, from the close on",
     None, MinutesAnswer),
    (minutes.KEYS, "get", "The public keys that verify minutes", None, KeysAnswer),
    (f"{STAFF}/me", "get", "Whose token this is, and what it allows", None, staff.StaffMe),
    (f"{STAFF}/overview", "get", "How every consultation does, the worst first",
     None, staff.StaffOverview),
    (f"{STAFF}/consultations/{{slug}}", "get", "How one consultation does",
     None, staff.StaffConsultation),
    (f"{STAFF}/consultations", "post", "Create a consultation from what a file would say, or check it",
     running.StaffNewConsultation, running.StaffDefinition),
    (f"{STAFF}/consultations/{{slug}}/definition", "get", "What a consultation is, and its version",
     None, running.StaffDefinition),
    (f"{STAFF}/consultations/{{slug}}/definition", "patch", "Change the keys that are named",
     running.StaffChange, running.StaffDefinition),
    (f"{STAFF}/consultations/{{slug}}/phase", "put", "Open it, close it for good, or lead it on",
     running.StaffPhase, running.StaffDefinition),
    (f"{STAFF}/consultations/{{slug}}/featured", "put", "Put it first", None, running.StaffDefinition),
    (f"{STAFF}/consultations/{{slug}}/featured", "delete", "Put it first no longer",
     None, running.StaffDefinition),
    (f"{ASKED}/answers", "get", "What was answered, and what stood there before",
     None, followup.StaffAnswers),
    (f"{ASKED}/answers/{{number}}", "put", "Show the answer to a question, or correct it",
     followup.StaffAnswer, followup.StaffAnswers),
    (f"{ASKED}/answers/{{number}}", "delete", "Take an answer away", None, followup.StaffAnswers),
    (f"{ASKED}/selection", "get", "What is selected, and what the votes put forward",
     None, followup.StaffSelection),
    (f"{ASKED}/selection/{{number}}", "put", "Select a proposal, or tell its reason anew",
     followup.StaffSelect, followup.StaffSelection),
    (f"{ASKED}/selection/{{number}}", "delete", "Select it no longer", None, followup.StaffSelection),
    (f"{ASKED}/workshops", "get", "The workshops", None, followup.StaffWorkshops),
    (f"{ASKED}/workshops", "post", "Record a workshop; the same one is recorded once",
     followup.StaffWorkshopRequest, followup.StaffWorkshops),
    (f"{ASKED}/workshops/{{number}}", "put", "Change a workshop",
     followup.StaffWorkshopChange, followup.StaffWorkshops),
    (f"{ASKED}/workshops/{{number}}", "delete", "Remove a workshop", None, followup.StaffWorkshops),
    (f"{ASKED}/endorsements", "get", "The organisations that back it",
     None, followup.StaffEndorsements),
    (f"{ASKED}/endorsements", "post", "Record an endorsement; told again, it is told anew",
     followup.StaffEndorse, followup.StaffEndorsements),
    (f"{ASKED}/endorsements/{{handle}}", "delete", "Remove an endorsement",
     None, followup.StaffEndorsements),
    (f"{STAFF}/consultations/{{slug}}/rehearsals", "post", "Make a rehearsal of it",
     running.StaffRehearsal, running.StaffDefinition),
    (ACTIONS, "get", "The actions of a consultation, the worst first", None, actions.StaffActions),
    (ACTIONS, "post", "Add an action, after the close", actions.StaffActionWish, actions.StaffAction),
    (ACTION, "get", "An action, its news and its partner's drafts", None, actions.StaffAction),
    (ACTION, "put", "Change what an action says", actions.StaffActionWish, actions.StaffAction),
    (ACTION, "delete", "Remove an action without news, created by mistake",
     None, actions.StaffActions),
    (f"{ACTION}/state", "put", "State how an action stands",
     actions.StaffActionState, actions.StaffAction),
    (f"{ACTION}/news", "post", "Publish news", actions.StaffNewsWish, actions.StaffAction),
    (f"{ACTION}/news/{{mark}}", "put", "Correct an entry, by the mark that was read",
     actions.StaffNewsWish, actions.StaffAction),
    (f"{ACTION}/news/{{mark}}", "delete", "Withdraw an entry", None, actions.StaffAction),
    (f"{ACTION}/drafts/{{draft}}/news", "post", "Publish news in the place of a partner's draft",
     actions.StaffNewsWish, actions.StaffAction),
    (f"{ACTION}/drafts/{{draft}}/refusal", "put", "Refuse a draft with a word to its author",
     actions.StaffRefusalWish, actions.StaffAction),
    (f"{STAFF}/members", "get", "Who works here", None, staff.StaffMembers),
    (f"{STAFF}/members/{{id_}}", "delete", "Remove a member, their sessions and their tokens",
     None, staff.StaffDone),
    (f"{STAFF}/tokens", "get", "The tokens, without their secrets", None, staff.StaffTokens),
    (f"{STAFF}/tokens/{{handle}}", "delete", "Revoke a token", None, staff.StaffDone),
    (f"{STAFF}/moderation", "get", "How long the queue of proposals is, and how fast it moves",
     None, moderation.StaffPace),
    (f"{STAFF}/consultations/{{slug}}/queue", "get", "What waits for a decision, in its order",
     None, moderation.StaffQueueAnswer),
    (DECISION, "get", "A proposal, and what was decided on it", None, moderation.StaffCase),
    (DECISION, "put", "Decide on the version that was read; ten seconds to undo",
     moderation.StaffVerdict, moderation.StaffCase),
    (DECISION, "delete", "Undo a decision that nobody has seen, or a postponement",
     moderation.StaffUndo, moderation.StaffCase),
    (f"{STAFF}/acts", "get", "What staff did, newest first", None, staff.StaffActs),
)  # fmt: skip
QUERY = {
    f"{BASE}/{{slug}}/minutes": {"version": "integer"},
    f"{BASE}/{{slug}}/me": {"source": "string"},
    f"{STAFF}/acts": {"before": "integer"},
    f"{STAFF}/consultations/{{slug}}/queue": {"skip": "integer"},
}  # what an address may carry behind `?`

PLACES = (
    ("slug", "string"),
    ("proposal", "integer"),
    ("number", "integer"),
    ("id_", "string"),
    ("handle", "string"),
    ("mark", "string"),
    ("draft", "integer"),
)
CREATING = {
    f"{BASE}/{{slug}}/proposals",
    f"{STAFF}/consultations",
    f"{STAFF}/consultations/{{slug}}/rehearsals",
    ACTIONS,
    f"{ACTION}/news",
    f"{ACTION}/drafts/{{draft}}/news",
}  # what is posted there


@blueprint.get("/api/v1/openapi.json")
def show() -> Response:
    return jsonify(document())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the API."""
    spec = APISpec("Isoloir", VERSION, "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.security_scheme(TOKEN, {"type": "http", "scheme": "bearer"})
    paths: dict[str, dict[str, Any]] = {}
    for path, method, summary, asked, given in OPERATIONS:
        paths.setdefault(path, {})[method] = _operation(path, method, summary, asked, given)
    for path, operations in paths.items():
        spec.path(path, operations=operations)
    return spec.to_dict()


def _operation(
    path: str, method: str, summary: str, asked: type[Schema] | None, given: type[Schema]
) -> dict[str, Any]:
    done = HTTPStatus.CREATED if method == "post" and path in CREATING else HTTPStatus.OK
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": [
            {"in": "path", "name": name, "required": True, "schema": {"type": kind}}
            for name, kind in PLACES
            if f"{{{name}}}" in path
        ]
        + [
            {"in": "query", "name": name, "schema": {"type": kind}}
            for name, kind in QUERY.get(path, {}).items()
        ],
        "responses": {
            str(done.value): _answer(done.phrase, "application/json", given),
            "default": _answer("Refused", "application/problem+json", ProblemAnswer),
        },
    }
    if path.startswith(STAFF):
        operation["security"] = [{TOKEN: []}]
    if asked:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": asked}},
        }
    return operation


def _answer(description: str, mimetype: str, schema: type[Schema]) -> dict[str, Any]:
    return {"description": description, "content": {mimetype: {"schema": schema}}}
