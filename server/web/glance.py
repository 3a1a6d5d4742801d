"""Bodies known for good at a glance: nearly every vote is as our own booth writes it."""

from typing import Any

from marshmallow import Schema, missing

from server.web.field_kinds import Glanced


class AtAGlance(Schema):
    """A schema whose fields are all `Glanced`.

    The library's whole way, five times as long, is for bodies that are wrong or rare.
    """

    def __init__(self) -> None:
        super().__init__()
        self._glances = {
            name: field.glance
            for name, field in self.load_fields.items()
            if isinstance(field, Glanced)
        }
        # What the library fills in, or misses.
        self._expected = {
            name
            for name, field in self.load_fields.items()
            if field.required or field.load_default is not missing
        }

    def load(self, data: Any, **options: Any) -> Any:
        """Return `data` loaded; raise the library's `ValidationError` with every fault."""
        seen = self._glance(data) if not options and type(data) is dict else None
        return super().load(data, **options) if seen is None else seen

    def _glance(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """Return what a good body loads as; none if only the whole way can tell."""
        loaded = {}
        for name, value in data.items():
            glance = self._glances.get(name)
            seen = glance(value) if glance else missing
            if seen is missing:
                return None
            loaded[name] = seen
        return loaded if self._expected <= loaded.keys() else None
