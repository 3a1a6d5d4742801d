"""What the environment may say, and what is refused before anything starts."""

import pytest

from server.settings import Settings, SettingsError

GOOD = {
    "REDIS_URL": "unix:///tmp/store.sock",
    "ISOLOIR_URL": "https://vote.example/",
    "ISOLOIR_SECRET_KEYS": "k" * 32,
}


def test_a_complete_environment_is_read() -> None:
    read = Settings.load(GOOD)
    assert (read.public_url, read.origin) == ("https://vote.example", "https://vote.example")
    assert (read.deployment, read.central_url, read.proxies) == ("local", None, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", ""),
        ("ISOLOIR_URL", "vote.example"),
        ("ISOLOIR_SECRET_KEYS", "short"),
        ("ISOLOIR_SECRET_KEYS", ","),
        ("ISOLOIR_DEPLOYMENT", "Essai"),
        ("ISOLOIR_DEPLOYMENT", "local~rehearsal"),
        ("ISOLOIR_PROXIES", "one"),
        ("ISOLOIR_REPLICAS", "one"),
        ("ISOLOIR_VOTER_BURST", "0"),
        ("ISOLOIR_CENTRAL_URL", "https://central.example"),  # without its secret
    ],
)
def test_what_is_missing_or_wrong_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({**GOOD, name: value})
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ISOLOIR_REPLICAS", "-1", "ISOLOIR_REPLICAS must be a whole number from 0: -1"),
        ("ISOLOIR_VOTER_BURST", "0", "ISOLOIR_VOTER_BURST must be at least 1."),
    ],
)
def test_a_number_out_of_range_is_refused_with_its_range(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({**GOOD, name: value})
    assert str(refused.value) == words
