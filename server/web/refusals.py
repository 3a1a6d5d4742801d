"""Refusals that only exist at the web's edge: tokens, origins, sizes and shapes."""

from server.consultations.errors import Refusal


class CredentialMissing(Refusal):
    code = "credential-missing"


class CredentialInvalid(Refusal):
    code = "credential-invalid"


class TicketInvalid(Refusal):
    code = "ticket-invalid"


class TokenInvalid(Refusal):
    """A staff token that is forged, expired, or of another scope or consultation."""

    code = "token-invalid"


class OriginRefused(Refusal):
    code = "origin-refused"


class SignInNeeded(Refusal):
    """A page for staff, asked for by nobody who is signed in."""

    code = "sign-in-needed"


class NotAllowed(Refusal):
    """Somebody is known, and their role does not include that."""

    code = "not-allowed"


class FormStale(Refusal):
    """A form of another session, or of none."""

    code = "form-stale"


class OwnMembership(Refusal):
    """Nobody removes themselves or changes their own role: somebody must be left to undo it."""

    code = "own-membership"


class ContentTypeRefused(Refusal):
    code = "content-type-refused"


class LengthRequired(Refusal):
    code = "length-required"


class JsonMalformed(Refusal):
    code = "json-malformed"


class BodyInvalid(Refusal):
    """A body of the wrong shape. `errors` lists each field with what is wrong."""

    code = "body-invalid"
