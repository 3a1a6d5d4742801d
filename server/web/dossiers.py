"""Dossiers: what consultations came to, as one document that is frozen when it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

from flask import render_template

from server.consultations.consultation import Consultation
from server.store.dossiers import Dossier
from server.web import results_charts
from server.web.charts.captioned import Caption, captioned
from server.web.dossier_chapters import Chapter, Chart, chapter, demand_ready
from server.web.followup import site
from server.web.messages import Speech
from server.web.service import service

STYLE = (files("widget") / "dossier.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Subject:
    """What a dossier is about. `key` is what the store knows it by, `path` where it is published."""

    key: str
    name: str
    title: str
    path: str
    consultations: tuple[Consultation, ...] = ()

    @property
    def language(self) -> str:
        return self.consultations[0].language

    @classmethod
    def consultation(cls, asked: Consultation) -> "Subject":
        return cls(asked.id, asked.slug, asked.question, f"/c/{asked.slug}/dossier", (asked,))

    @classmethod
    def operation(cls, name: str, consultations: Sequence[Consultation] = ()) -> "Subject":
        """Return that of an operation, whose title is the cause they serve, or else its name."""
        causes = {one.cause for one in consultations}
        title = causes.pop() if len(causes) == 1 else None
        key, path = f"operation:{name}", f"/operations/{name}/dossier"
        return cls(key, name, title or name, path, tuple(consultations))


def compose(subject: Subject, version: int, now: datetime) -> Dossier:
    """Return what would be published about it as that version, in the language of the first.

    Raises `DossierRefused` where anything is not over, or not counted yet.
    """
    consultations, title = subject.consultations, subject.title
    address = f"{service().settings.public_url}{subject.path}"
    for one in consultations:
        demand_ready(one, now)
    speech = service().messages.speech(consultations[0].language)
    directory = service().directory
    alone = len(consultations) == 1
    chapters = [chapter(directory.find(one.slug), now, speech, alone) for one in consultations]
    day = speech.date(now.astimezone(consultations[0].opens.tzinfo))
    cited = speech.t(
        "dossierCitation",
        publisher=site(service().settings.public_url),
        title=title,
        version=version,
        day=day,
        address=f"{address}/{version}",
    )
    told = {"title": title, "address": address, "version": version, "cited": cited, "day": day}
    html = _rendered(chapters, speech, told)
    return Dossier(
        version=version,
        at=int(now.timestamp() * 1000),
        language=speech.lang,
        title=title,
        html=html,
        charts={
            chart_name(one, chart, chapters): _file(one, chart, cited, speech)
            for one in chapters
            for chart in one.charts
        },
        digest=sha256(html.encode()).hexdigest(),
    )


def chart_name(of: Chapter, chart: Chart, chapters: Sequence[Chapter]) -> str:
    """Return what the file of a chart is called, without its ending."""
    return chart.name if len(chapters) == 1 else f"{of.consultation.slug}-{chart.name}"


def _rendered(chapters: list[Chapter], speech: Speech, told: dict[str, Any]) -> str:
    shared = {
        "t": speech.t,
        "n": speech.n,
        "speech": speech,
        "site": site,
        "lang": speech.lang,
        "own": service().settings.public_url,
        "many": len(chapters) > 1,
        **results_charts.words(speech),
    }
    parts = [
        render_template(
            "dossier_chapter.html",
            one=each,
            page=each.page,
            groups=each.groups,
            below=2,
            files={chart.name: chart_name(each, chart, chapters) for chart in each.charts},
            here=f"{told['address']}/{told['version']}",
            **shared,
        )
        for each in chapters
    ]
    return render_template(
        "dossier.html",
        style=STYLE,
        chapters=chapters,
        parts=parts,
        dir=speech.direction,
        **told,
        **shared,
    )


def _file(of: Chapter, chart: Chart, cited: str, speech: Speech) -> str:
    """Return a chart with all that tells what it shows, should it go about by itself."""
    set_aside = speech.t("setAside", count=of.votes.gap) if of.votes.gap else speech.t("noneAside")
    made_of = speech.t(
        "chartBasis",
        question=of.consultation.question,
        opens=of.opens,
        closes=of.closes,
        participants=speech.t("participants", count=of.told.voters),
        votes=speech.t("votes", count=of.votes.verified),
    )
    notes = (*chart.notes, made_of, set_aside, cited)
    caption = Caption(chart.title, notes, speech.direction == "rtl")
    return captioned(chart.drawn, chart.height, caption)
