"""Prepares a home for work: its folders, its salt, Dagster's settings, and the variables that dbt reads."""

import hashlib
import json
import os
import re
import secrets
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestration.config import home, lists, memory
from orchestration.config.settings import PROJECT, Settings, SettingsError
from orchestration.system import processes
from orchestration.system.files import write_whole
from orchestration.system.zones import fixed_offset

if TYPE_CHECKING:
    from orchestration.config.shop_config import ShopConfig

# One run at a time; a run whose process died is found, and started once more by the daemon.
_DAGSTER_YAML = """\
telemetry: {enabled: false}
event_log_storage:
  module: orchestration.pipeline.event_log
  class: EventLog
  config: {base_dir: EVENTS}
concurrency: {runs: {max_concurrent_runs: 1}}
run_monitoring: {enabled: true, poll_interval_seconds: 30}
freshness: {enabled: true}
run_retries: {enabled: true, max_retries: 1, retry_on_asset_or_op_failure: false}
"""


def prepare_environment(settings: Settings) -> "ShopConfig":
    """Make the home's folders, hand the settings to child processes, and return the shop's config.

    Raises the config's own error when shop.yml is wrong, before anything is made.
    """
    from orchestration.config.shop_config import load_shop_config

    config = load_shop_config(settings.config)
    home.make(settings)
    instance = settings.dagster_home / "dagster.yaml"
    wanted = _DAGSTER_YAML.replace("EVENTS", json.dumps(str(settings.dagster_events)))
    if not instance.exists() or instance.read_text(encoding="utf-8") != wanted:
        write_whole(instance, wanted)
    lists.write(settings, config.lists)
    export_environment(settings, config)
    export_salt(settings)
    return config


def export_environment(settings: Settings, config: "ShopConfig") -> None:
    """Hand everything but the salt to child processes and to dbt; makes nothing."""
    settings.export()
    memory.export()
    processes.export()
    os.environ["SHOP360_LAKE"] = settings.lake_place
    os.environ["SHOP360_MACROS"] = _macros()
    os.environ["SHOP360_TIMEZONE"] = config.shop.timezone
    minutes, since = fixed_offset(config.shop.timezone) or ("", "")
    os.environ["SHOP360_ZONE_MINUTES"], os.environ["SHOP360_ZONE_SINCE"] = str(minutes), since
    os.environ["SHOP360_CURRENCY"] = config.shop.currency
    os.environ["SHOP360_SHOP"] = config.shop.id
    os.environ["SHOP360_NONE"] = "".join(
        f";{feed.replace(chr(39), chr(39) * 2)};" for feed in config.none
    )
    os.environ["SHOP360_CRM_WITHOUT_DUPLICATES"] = str(
        config.identity.crm_without_duplicates
    ).lower()
    names = {config.shop.id: config.shop.name} | config.shops
    os.environ["SHOP360_SHOP_NAMES"] = "\n".join(
        f"{shop}\t{name.en}\t{name.zh}" for shop, name in names.items()
    )
    os.environ["SHOP360_SEEDS"] = str(settings.seeds) if config.lists else "seeds"
    os.environ["SHOP360_DBT_SEEDS"] = str(settings.dbt_seeds) if config.lists else "seeds"


def _macros() -> str:
    """A checksum of what dbt does not count as the code of a model: a change rebuilds every kept table."""
    code = hashlib.sha256(version("dbt-duckdb").encode())
    for path in sorted((PROJECT / "macros").rglob("*.sql")):
        code.update(path.read_bytes())
    return code.hexdigest()[:16]


def export_salt(settings: Settings) -> None:
    """Hand the salt to the statements that hash what a person asks for."""
    os.environ["SHOP360_SALT"] = _salt(settings)


def _salt(settings: Settings) -> str:
    """The secret that keeps hashed identifiers from being looked up; made once per home."""
    given = os.environ.get("SHOP360_SALT")
    if given and not re.fullmatch(r"[0-9A-Za-z_-]+", given):
        raise SettingsError("SHOP360_SALT: expected letters, digits, - and _ only.")
    if given:
        return given
    path = settings.private / "salt"
    if not path.exists():
        write_whole(path, secrets.token_hex(16))
    return path.read_text()
