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


class ContentTypeRefused(Refusal):
    code = "content-type-refused"


class LengthRequired(Refusal):
    code = "length-required"


class JsonMalformed(Refusal):
    code = "json-malformed"


class BodyInvalid(Refusal):
    """A body of the wrong shape. `errors` lists each field with what is wrong."""

    code = "body-invalid"
