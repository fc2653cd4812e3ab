"""Files that a person names, as deliveries: single files, archives, and folders of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

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
