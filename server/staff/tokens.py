"""Staff tokens: signed, short-lived, for one scope and one consultation."""

from itsdangerous import BadData, URLSafeTimedSerializer

from server.settings import Settings
from server.web.refusals import TokenInvalid

SALT = "isoloir.staff-token"
REPLAY = "replay"
OLDEST = 24 * 60 * 60  # seconds


def issue(settings: Settings, scope: str, consultation: str) -> str:
    """Return a token that allows `scope` on the consultation with this slug, for a day."""
    token = _serializer(settings.secret_keys).dumps([scope, consultation])
    return token if isinstance(token, str) else token.decode()


def demand(secret_keys: tuple[str, ...], token: str, scope: str, consultation: str) -> None:
    """Raise `TokenInvalid` unless the token allows `scope` on that consultation."""
    try:
        signed = _serializer(secret_keys).loads(token, max_age=OLDEST)
    except BadData:
        signed = None
    if signed != [scope, consultation]:
        raise TokenInvalid("This token does not allow that.", field="authorization")


def _serializer(secret_keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(secret_keys), salt=SALT)
