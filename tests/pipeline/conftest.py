"""One small demo shop, run once however many workers test, that most tests ask."""

import fcntl
import os
from collections.abc import Iterator

import pytest
from shops import Shop

# Whole runs of shops come first: a long file that started last would leave a core idle.
_FIRST = (
    "spark",
    "real_shops",
    "missing_sources",
    "resilience",
    "run",
    "demo",
    "ducklake",
    "audience",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files by how long they take; the tests of a file stay as they are."""
    order = {f"test_{name}.py": number for number, name in enumerate(_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """A test that prepares a home in this process does not change the modes of files of later tests."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Shop:
    """The demo shop with 2,000 customers, landed, checked, built and released.

    Every worker asks the same one, so a test that changes a shop takes a copy of it.
    """
    own = tmp_path_factory.getbasetemp()
    common = own if worker_id == "master" else own.parent
    shop = Shop(common / "demo")
    with (common / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shop.released.exists():
            written = shop.cli("demo", "--customers", 2000)
            assert written.returncode == 0, written.stdout + written.stderr
            shop.run()
    return shop
