"""What is remembered of removed persons: keyed hashes, and tokens that take the place of their values.

`private/forgotten/hashes.csv` has one hash per line with the tag of the person, `private/forgotten/key` the
secret of the home that both hashes and tokens are made with. Neither file holds a value of a person.
"""

import csv
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.system.files import write_whole
from orchestration.system.sql import quoted

TOKEN = "forgotten-"
"""How every token begins, except those of phones."""

RUN = "[0-9A-Za-z_@.+-]{6,}"
"""What may be an identifier within a longer text."""

SPACED = "1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"
"""A mobile number as people write it in a text."""

WORD = "forgotten"
"""What takes the place of an identifier within a text."""

_RUNS = re.compile(RUN)
_SPACED = re.compile(f"(?<![0-9]){SPACED}(?![0-9])")
_MOBILE = re.compile("1[3-9][0-9]{9}$")

# Two spellings of one phone or e-mail get two spellings of one token, for they may be part of a key.
_WIDE, _NARROW = "０１２３４５６７８９＋－（）＊＠．　", "0123456789+-()*@. "
_MACROS = """
create or replace temp macro fg_hash(kind, value) as sha256({key} || kind || '|' || value);
create or replace temp macro fg_id(value) as nullif(trim(translate(value, '{wide}', '{narrow}')), '');
create or replace temp macro fg_email(value) as lower(fg_id(value));
create or replace temp macro fg_name(value) as
    nullif(regexp_replace(lower(fg_id(value)), '[ .,·・()-]', '', 'g'), '');
create or replace temp macro fg_digits(value) as
    nullif(regexp_replace(fg_id(value), '[^0-9+*]', '', 'g'), '');
create or replace temp macro fg_phone(value) as regexp_replace(regexp_replace(
    fg_digits(value), '^(?:[+]|00)?86(1[3-9][0-9]{{9}})$', '\\1'), '^00', '+');
create or replace temp macro fg_secret(person, class, value) as
    sha256({key} || person || '|' || class || '|' || value);
create or replace temp macro fg_letters(person, class, value) as
    '{token}' || translate(left(fg_secret(person, class, value), 20),
        '0123456789abcdef', 'ghjkmnpqrstvwxyz');
create or replace temp macro fg_is_token(value) as
    starts_with(lower(value), '{token}') or regexp_full_match(replace(value, '-', ''), '[+]999[0-9]{{11}}');
create or replace temp macro fg_new_id(person, class, value) as
    case when fg_is_token(value) then value else fg_letters(person, class, fg_id(value)) end;
create or replace temp macro fg_new_name(person, value) as
    case when fg_is_token(value) then value else coalesce(fg_letters(person, 'name', fg_name(value)), fg_letters(person, 'name', fg_id(value))) end;
create or replace temp macro fg_mail(person, value) as fg_letters(person, 'email', fg_email(value))
    || case when contains(fg_email(value), '@') then '@forgotten.invalid' else '' end;
create or replace temp macro fg_new_email(person, value) as case
    when fg_is_token(value) then value
    when value = fg_email(value) then fg_mail(person, value) else upper(fg_mail(person, value)) end;
create or replace temp macro fg_number(person, value) as '+999' || translate(
    left(fg_secret(person, 'phone', fg_phone(value)), 11), 'abcdef', '135792');
create or replace temp macro fg_place(value) as 5 + ascii(sha256(value)) % 9;
create or replace temp macro fg_new_phone(person, value) as case
    when fg_is_token(value) then value
    when not coalesce(regexp_full_match(fg_phone(value), '[+]?[0-9]{{8,15}}'), false)
        or regexp_matches(fg_id(value), '1[3-9][0-9]{{9}}[^0-9]+[0-9]{{1,6}}$')
    then fg_letters(person, 'phone', fg_id(value))
    when value = fg_phone(value) then fg_number(person, value)
    else left(fg_number(person, value), fg_place(value)) || '-'
        || substr(fg_number(person, value), fg_place(value) + 1) end;
create or replace temp macro fg_host(url) as
    nullif(regexp_extract(lower(trim(url)), '^(?:[a-z]+://)?[^/:?#]+'), '');
"""


@dataclass(frozen=True)
class Forgotten:
    """The list: hashes with the tag of their person, and the key that they are made with."""

    key: str
    hashes: dict[str, str]

    def install(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the macros fg_* and the table `forgotten` (hash, person) for this connection."""
        script = _MACROS.format(key=quoted(self.key), wide=_WIDE, narrow=_NARROW, token=TOKEN)
        for statement in script.split(";\n"):
            if statement.strip():
                con.execute(statement)
        import pyarrow as pa

        shape = pa.schema([("hash", pa.string()), ("person", pa.string())])
        columns = {"hash": list(self.hashes), "person": list(self.hashes.values())}
        rows = pa.table(columns, schema=shape)
        con.register("forgotten_rows", rows)
        con.execute("create or replace temp table forgotten as select * from forgotten_rows")
        con.unregister("forgotten_rows")

    def scrub(self, text: str) -> str:
        """The text without identifiers of removed persons; the same text where it holds none."""
        if self._is_listed(text.strip()):
            return WORD
        text = _SPACED.sub(lambda found: self._bare(found.group()), text)
        return _RUNS.sub(lambda run: self._without(run.group()), text)

    def _bare(self, number: str) -> str:
        return WORD if self._is_listed(re.sub("[ -]", "", number)) else number

    def _without(self, run: str) -> str:
        if self._is_listed(run) or self._is_listed(run.rstrip(".")):
            return WORD
        mobile = _MOBILE.search(run)
        return WORD if mobile and self._is_listed(mobile.group()) else run

    def _is_listed(self, text: str) -> bool:
        hashed = hashlib.sha256(f"{self.key}text|{text.lower()}".encode()).hexdigest()
        return hashed in self.hashes


def hits(cells: str) -> str:
    """A query for the texts of a relation (`cell`) that quote a removed person."""
    return f"""select distinct cell from (
            select cell, unnest([lower(run), lower(rtrim(run, '.')), right(run, 11)]) as form from (
                select cell, unnest(regexp_extract_all(cell, '{RUN}')
                    || [regexp_replace(n, '[ -]', '', 'g') for n in regexp_extract_all(cell, '{SPACED}')]
                    || [trim(cell)]) as run
                from {cells} as cells))
        where fg_hash('text', form) in (select hash from forgotten)"""


def folder(settings: Settings) -> Path:
    """Where the list, the journal and the proofs are."""
    return settings.private / "forgotten"


def exists(settings: Settings) -> bool:
    """Whether a person was ever removed from this home."""
    return (folder(settings) / "hashes.csv").exists()


def load(settings: Settings) -> Forgotten:
    """The list of this home; a home without one gets its key."""
    place = folder(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = place / "key"
    if not key.exists():
        write_whole(key, secrets.token_hex(32))
    hashes: dict[str, str] = {}
    if exists(settings):
        with (place / "hashes.csv").open(encoding="ascii", newline="") as handle:
            hashes = {row[0]: row[1] for row in csv.reader(handle) if len(row) == 2}
    return Forgotten(key.read_text().strip(), hashes)


def add(settings: Settings, hashes: Iterable[tuple[str, str]]) -> None:
    """Put hashes with their persons on the list; what is there already stays."""
    known = dict(hashes) | load(settings).hashes
    lines = "".join(f"{value},{person}\n" for value, person in sorted(known.items()))
    write_whole(folder(settings) / "hashes.csv", lines)
