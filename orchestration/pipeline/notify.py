"""Notifies of failed runs and late feeds, by the webhook or command of shop.yml.

A message names steps, feeds and dates, never a value of a row. Each is sent once, whichever process
finds the reason; one that cannot be sent is logged and never fails a run.
"""

import fcntl
import json
import logging
import os
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.config.notify_config import Notify
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig, load_shop_config
from orchestration.reports.feed_ages import feed_ages, today_in

_LOG = logging.getLogger("shop360.notify")
_KEPT_RUNS = 100
_NOT_FOR_OTHERS = ("SHOP360_SALT",)


def run_failed(settings: Settings, run_id: str, steps: Sequence[str]) -> None:
    """Notify that a run failed at these steps, once per run."""
    with _never_failing(), _sent(settings) as sent:
        shop = load_shop_config(settings.config)
        if not shop.notify.is_on or (run_id and run_id in sent["runs"]):
            return
        where = ", ".join(steps) or "the start"
        name, since = shop.shop.name, "the last release stays"
        payload = _payload(
            shop,
            "run_failed",
            f"{name.en}: the run failed at {where}; {since}.",
            f"{name.zh}：运行在 {where} 失败，上一次发布保持不变。",
        )
        if _send(shop, payload | {"run_id": run_id, "steps": list(steps)}):
            sent["runs"] = [*sent["runs"], run_id][-_KEPT_RUNS:]


def late_feeds(settings: Settings) -> list[str]:
    """Notify of the late feeds that have not been notified today; returns their codes."""
    with _never_failing(), _sent(settings) as sent:
        shop = load_shop_config(settings.config)
        if not shop.notify.is_on:
            return []
        today = today_in(shop.shop.timezone)
        late = {
            f"{age.feed} {age.source_system} {age.shop_id}": age
            for age in feed_ages(settings, today)
            if age.is_late
        }
        fresh = [key for key in late if sent["late"].get(key) != str(today)]
        if not fresh:
            return []
        en = "; ".join(f"{late[key].en} ({key}), {late[key].age_days} days old" for key in fresh)
        zh = "；".join(f"{late[key].zh}（{key}），已 {late[key].age_days} 天" for key in fresh)
        name = shop.shop.name
        payload = _payload(
            shop, "feeds_late", f"{name.en}: late: {en}.", f"{name.zh}：数据迟到：{zh}。"
        )
        if _send(shop, payload | {"feeds": [_facts(late[key]) for key in fresh]}):
            sent["late"] = {key: str(today) for key in late}
            return fresh
    return []


def notify_sensors(settings: Settings, shop: ShopConfig) -> list[dg.SensorDefinition]:
    """For `make dev`: a look at late feeds each hour, and at runs that failed or were killed."""
    if not shop.notify.is_on:
        return []

    @dg.run_failure_sensor(
        name="failed_run",
        description="Notifies of failed runs as shop.yml says.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def failed_run(context: dg.RunFailureSensorContext) -> None:
        steps = [event.step_key or "" for event in context.get_step_failure_events()]
        run_failed(settings, context.dagster_run.run_id, steps)

    @dg.sensor(
        name="late_feeds",
        minimum_interval_seconds=3600,
        description="Notifies of late feeds as shop.yml says, once a day per feed.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def late() -> dg.SkipReason:
        told = late_feeds(settings)
        return dg.SkipReason(
            f"Notified of {', '.join(told)}." if told else "No feed is newly late."
        )

    return [failed_run, late]


def _payload(shop: ShopConfig, what: str, en: str, zh: str) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"shop": shop.shop.id, "what": what, "at": now, "text": {"en": en, "zh": zh}}


def _facts(age: Any) -> dict[str, Any]:
    return {
        "feed": age.feed,
        "source_system": age.source_system,
        "shop_id": age.shop_id,
        "last_on": str(age.last_on) if age.last_on else None,
        "age_days": age.age_days,
        "rhythm": age.rhythm.name,
    }


def _send(shop: ShopConfig, payload: dict[str, Any]) -> bool:
    """Whether every place of the section took the message."""
    content = json.dumps(payload, ensure_ascii=False).encode()
    ways: Iterable[tuple[str, Callable[[], None]]] = [
        ("webhook", lambda: _post(shop.notify, content)),
        ("command", lambda: _call(shop, content)),
    ]
    done = [_try(name, way) for name, way in ways]
    return all(done)


def _try(name: str, way: Callable[[], None]) -> bool:
    try:
        way()
    except Exception as error:
        # The text of some errors holds the URL, which may be a secret.
        known = isinstance(error, LookupError | TimeoutError | _CommandFailed)
        _LOG.warning("notify: the %s failed: %s", name, error if known else type(error).__name__)
        return False
    return True


def _post(notify: Notify, content: bytes) -> None:
    url = notify.address()
    if url is None:
        return
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "shop360"}
    request = urllib.request.Request(url, content, headers)
    outcome: list[Exception | None] = []

    def post() -> None:
        try:
            urllib.request.urlopen(request, timeout=notify.timeout_seconds).close()
            outcome.append(None)
        except Exception as error:
            outcome.append(error)

    # The timeout of urllib restarts with each byte; this one limits the whole call.
    thread = threading.Thread(target=post, daemon=True)
    thread.start()
    thread.join(notify.timeout_seconds)
    if not outcome or isinstance(outcome[0], TimeoutError):
        raise TimeoutError(f"no answer within {notify.timeout_seconds:g} seconds")
    if outcome[0] is not None:
        raise outcome[0]


class _CommandFailed(RuntimeError):
    """The command ended with another exit code than 0."""


def _call(shop: ShopConfig, content: bytes) -> None:
    notify = shop.notify
    if not notify.command:
        return
    environment = {name: v for name, v in os.environ.items() if name not in _NOT_FOR_OTHERS}
    process = subprocess.Popen(
        notify.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=shop.path.resolve().parent,
        env=environment,
        start_new_session=True,
    )
    try:
        process.communicate(content, timeout=notify.timeout_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        raise TimeoutError(f"no end within {notify.timeout_seconds:g} seconds") from None
    if process.returncode:
        raise _CommandFailed(f"exit code {process.returncode}")


@contextmanager
def _sent(settings: Settings) -> Generator[dict[str, Any], None, None]:
    """What was sent, for one process at a time; written back when the block has ended."""
    path = settings.private / "notified.json"
    with path.open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        try:
            sent = {"runs": [], "late": {}} | json.load(handle)
        except (ValueError, TypeError):
            sent = {"runs": [], "late": {}}
        yield sent
        handle.truncate(0)
        json.dump(sent, handle)


@contextmanager
def _never_failing() -> Generator[None, None, None]:
    try:
        yield
    except Exception as error:
        _LOG.warning("notify: %s", type(error).__name__)
