"""An article of a news site, as long as they are, with any number of booths in it."""

from flask import Flask

from server.demo.app import create_demo
from server.demo.media import MEDIA
from tests.browser.partner import snippet

RMC = MEDIA[0]
SECTION = '<section class="booth" aria-label="Votez">'
TIMES = 3  # the demo's text is a third of an article


def create_articles(service: str, consultations: tuple[str, str]) -> Flask:
    """Return the demo's news site; at `/with/<number>` its article has so many booths.

    The first is below the headline, where it shows at once, the second at the end.
    """
    app = create_demo(service, "")
    app.jinja_env.globals["booth"] = ""
    booths = [SECTION + snippet("script", service, slug) + "</section>" for slug in consultations]

    @app.get("/with/<int:number>")
    def article(number: int) -> str:
        page = app.jinja_env.get_template("rmc.html").render(media=RMC, links=())
        first, last = [*booths[:number], "", ""][:2]
        before, empty, after = page.partition(SECTION)
        _, _, after = after.partition("</section>")
        head, end_of_head, text = before.rpartition("</header>")
        tail, end_of_article, foot = after.partition("</article>")
        assert all((empty, end_of_head, end_of_article)), "The demo's article has changed."
        return head + first + end_of_head + (text + tail) * TIMES + last + end_of_article + foot

    return app
