"""What the page says to those who build the other end is what the receiver does."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from server.central import client as sending_client
from server.central import document
from server.central.acknowledged import Acknowledged
from server.central.receiver import problems, requests, votes
from server.central.receiver.schemas import TalliesSchema
from tests.contract.sending import Deployment, body_of, post

PAGE = (Path(__file__).parents[2] / "docs/operators/central-contract.md").read_text()
EXAMPLE, ANSWER = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def first_cells(heading: str) -> list[str]:
    """Return the first cell of each row of the first table after a heading."""
    section = PAGE.split(f"\n## {heading}")[1].split("\n## ")[0]
    table = section.split("\n\n|")[1]
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


def test_the_example_is_taken_and_answered_as_the_page_says(client: FlaskClient) -> None:
    answer = post(client, body_of(EXAMPLE))
    assert answer.status_code == 200, answer.text
    assert answer.json == ANSWER


def test_the_example_is_a_document_as_we_send_it() -> None:
    assert document.checksum(EXAMPLE["rows"]) == EXAMPLE["checksum"]
    deployment = Deployment()
    deployment.vote(1, 2, {3: 1})
    assert shape(EXAMPLE) == shape(deployment.compose())


def shape(value: Any) -> Any:
    """Keep names and nesting, forget the values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None


def test_the_page_lists_every_field() -> None:
    named = {field.data_key or name for name, field in TalliesSchema().fields.items()}
    assert set(first_cells("The tallies document")) == named
    assert len(ANSWER["acknowledged"]) == len(fields(Acknowledged)) + 1  # and the revision


def test_the_page_lists_every_problem_with_its_status() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\d{3}) \|", PAGE, re.MULTILINE)
    assert {code: int(status) for code, status in rows} == problems.STATUS


def test_the_page_states_the_limits() -> None:
    mebibyte = 1024 * 1024
    assert f"at most {requests.BODY_LIMIT // mebibyte} MiB" in PAGE
    assert f"{requests.SENT_LIMIT // mebibyte} MiB as it is sent" in PAGE
    assert f"from 0 to {votes.LARGEST:,}".replace(",", " ") in PAGE
    assert f"read time-out {sending_client.TIMEOUT.read_timeout} seconds" in PAGE
