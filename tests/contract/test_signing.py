"""Only who shares a secret is heard, and only for five minutes."""

import base64
import gzip
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks.webhooks import Webhook

from server.central import signing
from tests.contract.sending import NEXT_SECRET, SECRET

BODY = '{"question":"Réinventer le travail ?"}'.encode()


PACKED = gzip.compress(BODY)


def signed(*secrets: str, age: timedelta = timedelta(0), body: bytes = BODY) -> dict[str, str]:
    return signing.sign(secrets or (SECRET,), body, datetime.now(UTC) - age)


def verify(body: bytes, headers: dict[str, str], *secrets: str) -> None:
    signing.Signature.read(headers, datetime.now(UTC)).verify(secrets or (SECRET,), body)


def refusal(body: bytes, headers: dict[str, str], *secrets: str) -> str:
    with pytest.raises(signing.SignatureRefused) as refused:
        verify(body, headers, *secrets)
    return str(refused.value)


def test_what_we_sign_any_standard_webhooks_library_verifies() -> None:
    Webhook(SECRET).verify(BODY, signed())


def test_what_any_standard_webhooks_library_signs_we_verify() -> None:
    now = datetime.now(UTC)
    signature = Webhook(SECRET).sign("msg_1", now, BODY.decode())
    values = ("msg_1", str(int(now.timestamp())), signature)
    verify(BODY, dict(zip(signing.HEADERS, values, strict=True)))


def test_a_compressed_body_is_signed_as_it_is_sent() -> None:
    """HMAC over the very bytes, written out here as another implementation would compute it."""
    headers = signed(body=PACKED)
    identifier, timestamp, signature = (headers[name] for name in signing.HEADERS)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    whole = f"{identifier}.{timestamp}.".encode() + PACKED
    assert signature == "v1," + base64.b64encode(hmac.digest(key, whole, "sha256")).decode()
    verify(PACKED, headers)


def test_a_get_signs_what_it_asks_for() -> None:
    assert signing.asked("essai", "question") == b"essai/question"
    assert signing.asked("essai", "question", "rows=no") == b"essai/question?rows=no"


def test_a_time_in_another_zone_is_converted_not_relabelled() -> None:
    paris = datetime.now(timezone(timedelta(hours=2)))
    verify(BODY, signing.sign((SECRET,), BODY, paris))


def test_header_names_are_read_in_any_case() -> None:
    verify(BODY, {name.title(): value for name, value in signed().items()})


def test_another_secret_is_refused() -> None:
    assert refusal(BODY, signed(NEXT_SECRET)) == "No signature fits."


def test_an_altered_byte_is_refused() -> None:
    assert refusal(BODY.replace(b"?", b"!"), signed()) == "No signature fits."


def test_six_minutes_are_too_old_and_four_are_not() -> None:
    verify(BODY, signed(age=timedelta(minutes=4)))
    assert "too old" in refusal(BODY, signed(age=timedelta(minutes=6)))
    assert "too new" in refusal(BODY, signed(age=timedelta(minutes=-6)))


@pytest.mark.parametrize("name", signing.HEADERS)
def test_a_missing_header_is_refused(name: str) -> None:
    headers = signed()
    del headers[name]
    assert refusal(BODY, headers) == "The request is not signed."


@pytest.mark.parametrize(
    "signature", ["v1", "v1,a", "v1,é", ",", "v1,AAAA", "v2,AAAA", "v1a,AAAA", "v1,a,b", "\x00"]
)
def test_a_malformed_signature_is_refused_and_breaks_nothing(signature: str) -> None:
    refusal(BODY, signed() | {"webhook-signature": signature})


@pytest.mark.parametrize(
    "timestamp", ["", "soon", "nan", "inf", "-1e999", "9" * 400, "1.5", "\u0663"]
)
def test_a_malformed_time_is_refused(timestamp: str) -> None:
    refusal(BODY, signed() | {"webhook-timestamp": timestamp})


def test_either_end_may_rotate_first() -> None:
    both = (SECRET, NEXT_SECRET)
    verify(BODY, signed(*both), SECRET)
    verify(BODY, signed(*both), NEXT_SECRET)
    verify(BODY, signed(SECRET), *both)
    verify(BODY, signed(NEXT_SECRET), *both)


def test_secrets_are_read_from_a_list_with_commas() -> None:
    assert signing.parse_secrets(f" {SECRET}, {NEXT_SECRET},") == (SECRET, NEXT_SECRET)
    assert signing.parse_secrets(signing.new_secret())


@pytest.mark.parametrize("text", ["", ",", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_\u00e9"])
def test_what_is_no_secret_is_said_at_the_start(text: str) -> None:
    with pytest.raises(signing.SecretUnfit, match="ISOLOIR_CENTRAL_SECRET"):
        signing.parse_secrets(text)
