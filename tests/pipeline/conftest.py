"""One small demo shop, run once, that most tests ask."""

import pytest
from shops import Shop


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The demo shop with 2,000 customers, landed, checked, built and released."""
    shop = Shop(tmp_path_factory.mktemp("demo"))
    written = shop.cli("demo", "--customers", 2000)
    assert written.returncode == 0, written.stdout + written.stderr
    shop.run()
    return shop
