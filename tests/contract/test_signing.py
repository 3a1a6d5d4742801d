"""Only who shares a secret is heard, and only for five minutes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks.webhooks import Webhook

from server.central import signing
from tests.contract.sending import NEXT_SECRET, SECRET

BODY = '{"question":"Réinventer le travail ?"}'.encode()


def signed(*secrets: str, age: timedelta = timedelta(0), body: bytes = BODY) -> dict[str, str]:
    return signing.sign(secrets or (SECRET,), body, datetime.now(UTC) - age)


def refusal(body: bytes, headers: dict[str, str], *secrets: str) -> str:
    with pytest.raises(signing.SignatureRefused) as refused:
        signing.verify(secrets or (SECRET,), body, headers)
    return str(refused.value)


def test_what_we_sign_any_standard_webhooks_library_verifies() -> None:
    Webhook(SECRET).verify(BODY, signed())


def test_the_empty_body_of_a_get_is_signed_too() -> None:
    signing.verify((SECRET,), b"", signed(body=b""))


def test_a_time_in_another_zone_is_converted_not_relabelled() -> None:
    paris = datetime.now(timezone(timedelta(hours=2)))
    signing.verify((SECRET,), BODY, signing.sign((SECRET,), BODY, paris))


def test_header_names_are_read_in_any_case() -> None:
    signing.verify((SECRET,), BODY, {name.title(): value for name, value in signed().items()})


def test_another_secret_is_refused() -> None:
    assert refusal(BODY, signed(NEXT_SECRET)) == "No matching signature found."


def test_an_altered_byte_is_refused() -> None:
    assert refusal(BODY.replace(b"?", b"!"), signed()) == "No matching signature found."


def test_six_minutes_are_too_old_and_four_are_not() -> None:
    signing.verify((SECRET,), BODY, signed(age=timedelta(minutes=4)))
    assert "too old" in refusal(BODY, signed(age=timedelta(minutes=6)))
    assert "too new" in refusal(BODY, signed(age=timedelta(minutes=-6)))


@pytest.mark.parametrize("name", signing.HEADERS)
def test_a_missing_header_is_refused(name: str) -> None:
    headers = signed()
    del headers[name]
    assert refusal(BODY, headers) == "Missing required headers."


@pytest.mark.parametrize(
    "signature", ["v1", "v1,a", "v1,é", ",", "v1,AAAA", "v2,AAAA", "v1a,AAAA", "v1,a,b", "\x00"]
)
def test_a_malformed_signature_is_refused_and_breaks_nothing(signature: str) -> None:
    refusal(BODY, signed() | {"webhook-signature": signature})


@pytest.mark.parametrize("timestamp", ["", "soon", "nan", "inf", "-1e999", "9" * 400])
def test_a_malformed_time_is_refused(timestamp: str) -> None:
    refusal(BODY, signed() | {"webhook-timestamp": timestamp})


def test_a_body_that_is_no_text_is_refused() -> None:
    assert "malformed" in refusal(b"\xff\xfe", signed())


def test_either_end_may_rotate_first() -> None:
    both = (SECRET, NEXT_SECRET)
    signing.verify((SECRET,), BODY, signed(*both))
    signing.verify((NEXT_SECRET,), BODY, signed(*both))
    signing.verify(both, BODY, signed(SECRET))
    signing.verify(both, BODY, signed(NEXT_SECRET))


def test_secrets_are_read_from_a_list_with_commas() -> None:
    assert signing.parse_secrets(f" {SECRET}, {NEXT_SECRET},") == (SECRET, NEXT_SECRET)
    assert signing.parse_secrets(signing.new_secret())


@pytest.mark.parametrize("text", ["", ",", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_\u00e9"])
def test_what_is_no_secret_is_said_at_the_start(text: str) -> None:
    with pytest.raises(signing.SecretUnfit, match="ISOLOIR_CENTRAL_SECRET"):
        signing.parse_secrets(text)
