"""shop.yml: who the shop is, and which export feeds which table.

Reads the file; what a mapping's keys mean is in `mapping.py`, the checks against the
contract are in `mapping_check.py`, what is done with them in the rest of `landing/`.
"""

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializeAsAny

from orchestration.config import plan_lists
from orchestration.config.audience_config import Audience
from orchestration.config.limits import Limits
from orchestration.config.lists import ShopList, contracts, read
from orchestration.config.mapping import FeedMapping
from orchestration.config.mapping_check import Checker
from orchestration.config.notify_config import Place, read_places
from orchestration.config.sources_check import read_sources, with_files
from orchestration.config.sources_config import Source
from orchestration.config.yaml_file import near, read_yaml
from orchestration.system.landing_errors import LandingError

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


class ShopConfigError(LandingError):
    """shop.yml or a profile is wrong; the text lists every problem with its file and place."""

    exit_code = 2


def known_zone(value: str) -> str:
    """The time zone as given, if the tz database has it."""
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise ValueError(
            f"unknown time zone {value!r}; expected one such as Asia/Shanghai"
        ) from None
    return value


class ShopName(BaseModel):
    """A shop's name in both languages."""

    model_config = ConfigDict(extra="forbid")
    en: str = Field(min_length=1, pattern=_ONE_LINE)
    zh: str = Field(min_length=1, pattern=_ONE_LINE)


class Shop(BaseModel):
    """Identity of the shop; `timezone` cuts its business days, `currency` is an ISO code."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(min_length=1, pattern=_ONE_LINE)
    name: ShopName
    timezone: Annotated[str, AfterValidator(known_zone)]
    currency: str = Field(pattern="^[A-Z]{3}$")


class Page(BaseModel):
    """How the report page looks when it is opened; readers can change the language."""

    model_config = ConfigDict(extra="forbid")
    language: Literal["zh", "en"] = "zh"
    colours: Literal["meaning", "red_up", "green_up"] = "meaning"
    """What colours state: better and worse, or up and down as in China (`red_up`) or the West (`green_up`)."""


class Identity(BaseModel):
    """What the shop knows of its own records; `crm_without_duplicates`: two CRM ids are two people."""

    model_config = ConfigDict(extra="forbid")
    crm_without_duplicates: bool = False


class ShopConfig(BaseModel):
    """A checked shop.yml: the shop, and per feed code the mappings of its exports."""

    path: Path
    shop: Shop
    feeds: dict[str, list[FeedMapping]]
    shops: dict[str, ShopName] = {}
    """Names of the shops in the exports, by shop_id; a shop without one is shown by its id."""
    page: Page = Page()
    owners: dict[str, str] = {}
    """E-mail of a team, or of `default`, by its name."""
    notify: tuple[Place, ...] = ()
    """The places that receive messages, in the order of the file."""
    identity: Identity = Identity()
    landing: Limits = Limits()
    audience: Audience = Audience()
    none: tuple[str, ...] = ()
    """Feeds that are declared to be empty: `erp.refunds`, or `erp.refunds@<shop>` for one shop."""
    sources: dict[str, SerializeAsAny[Source]] = {}
    """Databases and APIs that are fetched into the inbox, by name."""
    lists: dict[str, ShopList] = {}
    """Lists beside shop.yml, by the name of the seed that they stand in for."""

    @property
    def mappings(self) -> list[FeedMapping]:
        """All mappings, in the order of the file."""
        return [mapping for mappings in self.feeds.values() for mapping in mappings]


def load_shop_config(path: Path | str) -> ShopConfig:
    """The checked configuration. Raises `ShopConfigError` with every problem found, one a line."""
    path = Path(path)
    try:
        content = read_yaml(path)
    except ValueError as error:
        raise ShopConfigError(str(error)) from None
    check = Checker()
    known = ("shop", "shops", "page", "feeds", "lists", "identity", "landing", "owners", "notify")
    known += ("audience", "sources")
    check.keys(content, known, "")
    shop = None
    if "shop" in content:
        shop = check.build(Shop, content["shop"], "shop", {"name": ShopName})
    elif not check.problems:
        check.problem("shop", "missing; expected id, name, timezone and currency")
    limits = check.build(Limits, content.get("landing") or {}, "landing")
    audience = check.build(Audience, content.get("audience") or {}, "audience")
    identity = check.build(Identity, content.get("identity") or {}, "identity")
    feeds = content.get("feeds", {})
    if not isinstance(feeds, dict):
        check.problem("feeds", "expected feed codes such as erp.orders, each a list of mappings")
        feeds = {}
    # A shop that is wrong itself is no reason to find fault with every mapping.
    defaults = {"shop_id": shop.id if shop else "?", "timezone": shop.timezone if shop else "UTC"}
    if shop:
        check.shop = {"timezone": shop.timezone, "currency": shop.currency}
    sources = read_sources(check, content.get("sources"))
    check.with_files = lambda entry, place: with_files(
        check, entry, sources, content.get("sources") or (), place
    )
    built = {code: check.feed(code, entries, defaults) for code, entries in feeds.items()}
    owners = check.owners(content.get("owners", {}))
    notify = read_places(check, content.get("notify"))
    page = check.build(Page, content.get("page") or {}, "page")
    shops = _shop_names(check, content.get("shops") or {})
    own = _lists(check, path, content.get("lists", {}), shop.id if shop else "")
    if not (shop and limits and identity and audience) or check.problems:
        raise ShopConfigError("\n".join(f"{path}: {problem}" for problem in check.summary()))
    return ShopConfig(
        path=path,
        shop=shop,
        feeds=built,
        shops=shops,
        page=page,
        owners=owners,
        notify=notify,
        identity=identity,
        landing=limits,
        audience=audience,
        none=tuple(check.none),
        sources=sources,
        lists=own,
    )


def _shop_names(check: Checker, content: Any) -> dict[str, ShopName]:
    """The checked names of shops by shop_id; those with problems are left out."""
    if not isinstance(content, dict):
        check.problem("shops", "expected shop ids with names, such as `jd: {en: JD.com, zh: 京东}`")
        return {}
    built = {
        str(shop): check.build(ShopName, name, f"shops.{shop}") for shop, name in content.items()
    }
    return {shop: name for shop, name in built.items() if name}


def _lists(check: Checker, config: Path, content: Any, shop_id: str) -> dict[str, ShopList]:
    """The checked lists: `goals: goals.xlsx` replaces the seed, `{add: goals.csv}` adds to it."""
    if not isinstance(content, dict):
        check.problem(
            "lists", "expected names of lists with their files, such as `goals: goals.csv`"
        )
        return {}
    found: dict[str, ShopList] = {}
    places = {}
    known_problems = len(check.problems)
    for name, value in content.items():
        place = f"lists.{name}"
        adds = isinstance(value, dict) and list(value) == ["add"]
        file = value["add"] if adds else value
        if name not in contracts():
            check.problem(place, f"unknown list; {near(name, contracts())}")
        elif not isinstance(file, str):
            check.problem(place, "expected a csv or xlsx file, or {add: file}")
        else:
            places[name] = f"{place}: {file}"
            own = read(
                name,
                config.parent / file,
                adds,
                lambda text, at=places[name]: check.problem(at, text),
            )
            if own is not None:
                found[name] = own
    if len(check.problems) == known_problems:
        plan_lists.check(found, shop_id, lambda name, text: check.problem(places[name], text))
    return found
