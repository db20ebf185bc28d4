"""What every route needs: pages from templates, links by name, forms from requests."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import jinja2
import orjson
from starlette.convertors import Convertor, IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mobilise import cache, db, i18n, middleware, notices, templating
from mobilise.errors import NotFound, Refusal, TooLarge
from mobilise.forms import Form
from mobilise.settings import PACKAGE, Settings
from mobilise.store import Store
from mobilise.tokens import Tokens

AnyForm = TypeVar("AnyForm", bound=Form)
STATIC = PACKAGE / "static"
FORM_BYTES = 64 * 1024
_DESK = "mobilise.desk"


class LanguageConvertor(Convertor[str]):
    regex = "|".join(i18n.LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class NumberConvertor(IntegerConvertor):
    """A number that a row could have; a longer one is no address of ours."""

    regex = "[0-9]{1,15}"


class SmallConvertor(IntegerConvertor):
    """A number that a page, a version or a place in a list could have."""

    regex = "[0-9]{1,9}"


register_url_convertor("small", SmallConvertor())
register_url_convertor("lang", LanguageConvertor())
register_url_convertor("int", NumberConvertor())


@dataclass(frozen=True)
class Site:
    """What every page may say about this instance."""

    name: str
    base_url: str
    files_url: str
    controller: str
    contact: str
    dev_mail: bool
    sends_mail: bool
    htmx_url: str
    htmx_integrity: str
    sender: str


class Links:
    """Addresses by route name; the reader's language is added by itself."""

    def __init__(self, routes: list[Route]) -> None:
        self._formats = {
            route.name: (route.path_format, tuple(route.param_convertors.items()))
            for route in routes
        }

    def __call__(self, name: str, /, **values: Any) -> str:
        path, convertors = self._formats[name]
        values.setdefault("lang", i18n.language())
        parts = {key: convertor.to_string(values[key]) for key, convertor in convertors}
        return path.format(**parts)

    def knows(self, name: str) -> bool:
        return name in self._formats


class Web:
    """Templates and links of one application; lives in `app.state.web`."""

    def __init__(self, settings: Settings, routes: list[Route]) -> None:
        self.settings = settings
        self.url = Links(routes)
        self.csp_live = middleware.live_csp(settings)
        self.site = Site(
            settings.name,
            settings.base_url,
            settings.files_url or "",
            settings.controller,
            settings.contact,
            settings.dev_mail,
            settings.smtp_url is not None or settings.dev_mail,
            settings.htmx_url,
            settings.htmx_integrity,
            settings.mail_from,
        )

    @cached_property
    def environment(self) -> jinja2.Environment:
        environment = templating.environment()
        environment.globals.update(
            url=self.url,
            absolute=lambda name, **values: self.settings.base_url + self.url(name, **values),
            asset=asset,
            site=self.site,
            lang=_CurrentLanguage(),
            LANGUAGES=i18n.LANGUAGES,
        )
        environment.filters.update(
            moment=lambda value: i18n.moment(value, self.settings.zone),
            day=lambda value: i18n.day(value, self.settings.zone),
        )
        return environment

    def page(self, request: Request, name: str, **context: Any) -> str:
        path = request.url.path
        languages = []  # none for an address that is the same in every language
        if path[1:3] in i18n.LANGUAGES and path[3:4] in ("", "/"):
            languages = [(code, own, f"/{code}{path[3:]}") for code, own in i18n.LANGUAGES.items()]
        return self.environment.get_template(name).render(
            template=name,
            path=path,
            languages=languages,
            canonical=self.settings.base_url + path,
            **context,
        )


class _CurrentLanguage:
    """`{{ lang }}` in a template: the language of whoever reads, when it is read."""

    def __str__(self) -> str:
        return i18n.language()

    __html__ = __str__

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


_digests: dict[str, str] = {}


def asset(name: str) -> str:
    """`/static/3f2a…/style.css`: a new address whenever the file changes."""
    if name not in _digests:
        _digests[name] = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{_digests[name]}/{name}"


# --- what handlers call -------------------------------------------------------------------


def database(request: Request) -> db.Database:
    return cast(db.Database, request.app.state.db)


def store(request: Request) -> Store:
    return cast(Store, request.app.state.store)


def settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def tokens(request: Request) -> Tokens:
    return cast(Tokens, request.app.state.tokens)


def web(request: Request) -> Web:
    return cast(Web, request.app.state.web)


def url(request: Request, name: str, /, **values: Any) -> str:
    return web(request).url(name, **values)


def at_desk(request: Request, **known: Any) -> None:
    """What every page of the desk shows beside its own: who is in, what she may, what waits."""
    request.scope.setdefault(_DESK, {}).update(known)


def known_at_desk(request: Request) -> dict[str, Any]:
    return cast("dict[str, Any]", request.scope.get(_DESK, {}))


def _around(request: Request) -> dict[str, Any]:
    """For pages behind a log-in: what the desk knows, and the sentence about the last deed."""
    known = known_at_desk(request)
    if not known:
        return {}
    said = notices.SAID.get(request.query_params.get("said", ""))
    return known | {"said": i18n.gettext(said) if said else None}


def render(
    request: Request,
    name: str,
    /,
    *,
    status: int = 200,
    public: bool = False,
    reads_query: bool = False,
    live: bool = False,
    private: bool = False,
    **context: Any,
) -> Response:
    """A page. `public`: the same for everybody, kept a second, whatever the query says, unless
    the page `reads_query`. `live`: it loads htmx. `private`: it holds a token or personal data,
    so nobody may index or frame it."""
    headers = {}
    if live:
        headers["content-security-policy"] = web(request).csp_live
    if private:
        headers["referrer-policy"] = "same-origin"
        headers["x-robots-tag"] = "noindex, nofollow"
    if public:
        request.scope[cache.MARK] = True if reads_query else cache.ANY_QUERY
    context = _around(request) | {"live": live, "status": status} | context
    body = web(request).page(request, name, **context)
    return HTMLResponse(body, status_code=status, headers=headers)


def redirect(to: str, status: int = 303, *, said: str = "") -> RedirectResponse:
    """`said`: what the page at the desk says about the deed, a code of `notices.SAID`."""
    return RedirectResponse(notices.after(to, said) if said else to, status_code=status)


def data(request: Request, content: Any) -> Response:
    """Public JSON for machines, readable from any other site."""
    request.scope[cache.MARK] = True
    body = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return Response(body, media_type="application/json", headers=OPEN)


OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


async def filled(request: Request, form: type[AnyForm], **options: Any) -> AnyForm:
    """The form with what was sent. Files are refused here; uploads have a door of their own."""
    try:
        sent = await request.form(max_files=0, max_fields=40, max_part_size=FORM_BYTES)
    except HTTPException as error:
        raise (TooLarge() if error.status_code == 413 else Refusal()) from error
    return form(formdata=cast(Any, sent), **options)


def page_number(request: Request) -> int:
    """`?page=3`; 1 when nothing is asked. NotFound for what is no number of up to four digits."""
    page = request.query_params.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 5):
        raise NotFound()
    return int(page) or 1


def network(request: Request) -> str:
    """The /24 or /48 that the request came from."""
    return cast(str, request.scope.get("mobilise.network", "unknown"))


def static_file(name: str) -> Path:
    """The file behind `/static/{digest}/{name}`; NotFound for anything outside the folder."""
    path = (STATIC / name).resolve()
    if STATIC.resolve() not in path.parents or not path.is_file():
        raise NotFound()
    return path


@lru_cache(maxsize=32)
def zipped(path: Path) -> bytes:
    """A file of the package as it travels, packed once."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
