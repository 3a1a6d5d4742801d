"""New consultations in the console: from a form, from a file, or many from a spreadsheet."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request

from server.consultations import files, nodes, operations, slugs, values
from server.consultations.errors import Fault, FeaturedTaken, FileRefused, SlugTaken
from server.consultations.fault_codes import FaultCode
from server.consultations.files import ConsultationFile
from server.consultations.logos import from_data, to_data
from server.consultations.operations import Sheet
from server.consultations.records import Wrong
from server.staff import definition_forms as forms
from server.staff import desk
from server.staff.access import act, needs
from server.staff.consultation_pages import agreed_now
from server.staff.form_pages import CARRIED, choices, demand_fits, wrong_in
from server.staff.roles import Permission
from server.web.problems import STATUS
from server.web.service import service

blueprint = desk.pages("staff_new", __name__)
TAKEN = {"slug": "refused.slug-taken"}
LOGO = "logo:"
# A file is read in a process that takes votes meanwhile: some 0.3 ms for each line.
MOST_LINES = 3000
MOST_OPERATION = 192 * 1024  # bytes; what the rows share is read for each of them
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/staff/new")
@needs(Permission.CONSULTATIONS)
def show() -> Response:
    zone = getattr(desk.zone(), "key", "Europe/Paris")
    return _form({"language": "fr", "timezone": zone, "proposing": "true"})


@blueprint.post("/staff/new")
@needs(Permission.CONSULTATIONS, most=CARRIED)
def create() -> Response:
    demand_fits()
    fields = forms.tidied(forms.sent(request.form, request.files))
    fields["slug"] = fields.get("slug") or slugs.proposed(fields.get("question", ""))
    if "more" in request.form:
        return _form(fields, more=request.form["more"])
    try:
        made = _create(files.read(nodes.mapping(forms.nested(fields)), "form"))
    except FileRefused as refusal:
        return _form(fields, WRONG, wrong=wrong_in(refusal))
    except SlugTaken as refusal:
        return _form(fields, STATUS[refusal.code], wrong=TAKEN)
    return desk.go("staff_consultations.one", slug=made)


@blueprint.get("/staff/new/file")
@needs(Permission.CONSULTATIONS)
def show_file() -> Response:
    return _file(b"")


@blueprint.post("/staff/new/file")
@needs(Permission.CONSULTATIONS, most=CARRIED)
def create_from_file() -> Response:
    """Check a file and show what it would make; make it once that was seen."""
    demand_fits()
    logos = _logos()

    def beside(logo: str) -> bytes:
        if logo not in logos:
            message = "must come with the file: choose it below, or write a data: address."
            raise Wrong(message, FaultCode.NO_LOGO)
        return from_data(logos[logo]) or b""

    content = b""
    try:
        name, content = _content("file", "content")
        found = files.parse(content, name, beside)
        if "create" in request.form:
            return desk.go("staff_consultations.one", slug=_create(found))
        operations.missing([found], service().store.consultations.all(), datetime.now(UTC))
        _demand_free(found)
    except FileRefused as refusal:
        return _file(content, WRONG, faults=refusal.faults, logos=logos)
    except (SlugTaken, FeaturedTaken) as refusal:
        return _file(content, STATUS[refusal.code], logos=logos, taken=f"refused.{refusal.code}")
    return _file(content, found=found, logos=logos)


@blueprint.get("/staff/new/operation")
@needs(Permission.CONSULTATIONS)
def show_operation() -> Response:
    return _operation({})


@blueprint.post("/staff/new/operation")
@needs(Permission.CONSULTATIONS, most=MOST_OPERATION)
def create_operation() -> Response:
    """Check a spreadsheet and show what it would make; make it once that was seen."""
    given = {"name": request.form.get("name", "").strip()}
    known = service().store.consultations.all()
    try:
        table, like = _content("table-file", "table"), _content("like-file", "like")
        given |= {"table": _shown(table[1]), "like": _shown(like[1])}
        shared = Sheet(like[1], like[0]) if like[1].strip() else None
        name = values.slug(given["name"])
        wanted = operations.read(name, Sheet(table[1], table[0]), shared)
        new = operations.missing(wanted, known, datetime.now(UTC))
    except Wrong:
        return _operation(given, WRONG, taken="wrong.operation")
    except FileRefused as refusal:
        return _operation(given, WRONG, faults=refusal.faults, where=refusal.path)
    except (SlugTaken, FeaturedTaken) as refusal:
        return _operation(given, STATUS[refusal.code], taken=f"refused.{refusal.code}")
    if "create" not in request.form:
        return _operation(given, wanted=[(one, one in new) for one in wanted])
    for one in new:
        _create(one)
    return desk.go("staff.overview", operation=name)


def _create(asked: ConsultationFile) -> str:
    return service().store.running.create(asked, agreed_now(), act).slug


def _demand_free(found: ConsultationFile) -> None:
    slug = found.consultation.slug
    if slug in {one.slug for one in service().store.consultations.all()}:
        raise SlugTaken(f"There is a consultation “{slug}” already.", field="slug")


def _content(upload: str, field: str) -> tuple[str, bytes]:
    """Return the name and the content of a file that was chosen, or of the text in its place."""
    file = request.files.get(upload)
    name, content = field, request.form.get(field, "").encode()
    if file and file.filename:
        name, content = file.filename[:100], file.read()
    if content.count(b"\n") > MOST_LINES:
        message = f"has more than {MOST_LINES} lines: import it by the command line."
        fault = Fault(MOST_LINES, "file", message, FaultCode.TOO_MANY_LINES, {"most": MOST_LINES})
        raise FileRefused(name, [fault])
    return name, content


def _logos() -> dict[str, str]:
    """Return the pictures that came with a file, now or when it was checked, as addresses."""
    found = {
        name.removeprefix(LOGO): value
        for name, value in request.form.items()
        if name.startswith(LOGO)
    }
    for one in request.files.getlist("logos"):
        if one.filename:
            found[one.filename] = to_data(one.read())
    return found


def _shown(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _form(fields: dict[str, str], status: int = HTTPStatus.OK, **more: Any) -> Response:
    drawn = choices(fields, more.pop("more", None))
    return desk.page(
        "new.html", status, fields=fields, may=None, known=(), **{"wrong": {}, **drawn, **more}
    )


def _file(content: bytes, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    usual: dict[str, Any] = {"faults": [], "found": None, "taken": None, "logos": {}}
    return desk.page("new_file.html", status, content=_shown(content), **{**usual, **fields})


def _operation(given: dict[str, str], status: int = HTTPStatus.OK, **fields: Any) -> Response:
    usual: dict[str, Any] = {"faults": [], "wanted": [], "taken": None, "where": None}
    return desk.page("new_operation.html", status, given=given, **{**usual, **fields})
