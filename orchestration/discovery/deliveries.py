"""Files that a person names, as deliveries: single files, archives, and folders of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import Delivery
from orchestration.system.errors import OperatorError


class NothingToInspect(OperatorError):
    """No file was given, or one does not exist."""

    exit_code = 2


def named(paths: Sequence[Path]) -> list[Delivery]:
    """The deliveries of files and folders, each file once. Raises NothingToInspect."""
    found: dict[tuple[Path, str | None], Delivery] = {}
    for path in paths:
        if not path.exists():
            raise NothingToInspect(f"{path}: no such file or folder")
        folder = path if path.is_dir() else path.parent
        for delivery in inbox.scan(folder).deliveries:
            if path.is_dir() or delivery.path.resolve() == path.resolve():
                found[delivery.path.resolve(), delivery.member] = delivery
    if not found:
        raise NothingToInspect(f"{', '.join(map(str, paths))}: no file to inspect")
    names = [delivery.name for delivery in found.values()]
    return [
        delivery if names.count(delivery.name) == 1 else _with_folder(delivery)
        for delivery in found.values()
    ]


def _with_folder(delivery: Delivery) -> Delivery:
    """The delivery under its folder's name, where two folders have a file of one name."""
    return replace(delivery, name=f"{delivery.path.parent.name}/{delivery.name}")


def mapped(settings: Settings, new: Sequence[Delivery]) -> list[Delivery]:
    """The newest file of each mapping of a shop, without those that are named; none where there is no shop.yml."""
    if not settings.config.exists() or not settings.inbox.is_dir():
        return []
    known = {delivery.path.resolve() for delivery in new}
    waiting = [d for d in inbox.scan(settings.inbox).deliveries if d.path.resolve() not in known]
    found: dict[str, Delivery] = {}
    for mapping in load_shop_config(settings.config).mappings:
        taken = [delivery for delivery in waiting if inbox.wants(mapping, delivery)]
        if taken:
            found[taken[-1].name] = taken[-1]
    return list(found.values())
