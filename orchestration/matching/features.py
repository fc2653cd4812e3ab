"""What of a record is compared: names, phone, e-mail, birth, gender, place, each in one spelling.

Fills the table `features` of the work database from raw CRM customers and ERP buyers, one row per
record. Nothing is decided here; what is not usable is empty. Plain values: they stay in the work
database, which ends with the step.
"""

import duckdb

from orchestration.landing.check.parsing import has_text
from orchestration.system.sql import quoted

SHARED = {"phone": 20, "phone_ends": 200, "email": 20, "national": 5, "address": 200}
"""Records that one value may describe; a switchboard, a pick-up point or a default says nothing."""

MAILBOXES = 20
"""Mailboxes from which on a domain is one of many."""

_FULL, _HALF = "０１２３４５６７８９＋－（）＊＠．，　", "0123456789+-()*@., "
_COMPOUND = [
    "欧阳",
    "太史",
    "端木",
    "上官",
    "司马",
    "东方",
    "独孤",
    "南宫",
    "万俟",
    "闻人",
    "夏侯",
    "诸葛",
    "尉迟",
    "公羊",
    "赫连",
    "澹台",
    "皇甫",
    "宗政",
    "濮阳",
    "公冶",
    "太叔",
    "申屠",
    "公孙",
    "慕容",
    "仲孙",
    "钟离",
    "长孙",
    "宇文",
    "司徒",
    "鲜于",
    "司空",
    "令狐",
    "轩辕",
    "呼延",
    "百里",
    "东郭",
    "南门",
    "西门",
    "歐陽",
    "諸葛",
    "司馬",
]
_TITLES = "(先生|女士|小姐|太太|老师|同学)$|^(mr|mrs|ms|miss|dr) "

_MACROS = f"""
create or replace temp macro half(t) as translate(trim(t), '{_FULL}', '{_HALF}');
create or replace temp macro words(t) as
    trim(regexp_replace(lower(strip_accents(half(t))), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'));
create or replace temp macro said(t) as case when {has_text("t")} then t end;
create or replace temp macro is_han(t) as regexp_matches(t, '\\p{{Han}}');
create or replace temp macro packed(t) as
    nullif(case when is_han(t) then replace(t, ' ', '') else t end, '');
create or replace temp macro code(t) as
    nullif(regexp_replace(upper(half(t)), '[^A-Z0-9]', '', 'g'), '');
create or replace temp macro family_length(t) as case
    when length(t) > 2 and left(t, 2) in ({", ".join(map(quoted, _COMPOUND))}) then 2 else 1 end;
create or replace temp macro bare_phone(t) as regexp_replace(
    regexp_replace(half(t), '[^0-9+*]', '', 'g'), '^(?:[+]|00)?86(1[3-9][0-9*]{{9}})$', '\\1');
create or replace temp macro tokens_of(t) as case
    when is_han(t) then list_distinct([substr(t, i, 2) for i in range(1, length(t))])
    else list_distinct(string_split(t, ' ')) end;
"""

_RECORDS = """
    select '{kind}' as record_type, source_system, shop_id, customer_id as record_id, _row_hash, _loaded_at,
        member_card_no, {unionid} as wechat_unionid, national_id, full_name, given_name, family_name,
        phone, email, gender, birth_on, city, address, postcode
    from warehouse.raw.{table}
"""

_CLEAN = """
create or replace table clean as
with records as ({records}),

spelled as (
    select
        md5(record_type || '|' || source_system || '|' || shop_id || '|' || record_id) as record_key,
        record_type, source_system, shop_id, record_id, _row_hash as row_hash, _loaded_at as loaded_at,
        said(trim(member_card_no)) as card,
        said(trim(wechat_unionid)) as unionid,
        contains(full_name, '*') or contains(full_name, '＊') as is_masked,
        contains(half(full_name), ',') as has_comma,
        packed(regexp_replace(words(full_name), '{titles}', '')) as name,
        packed(words(given_name)) as given_name,
        packed(words(family_name)) as family_name,
        bare_phone(phone) as bare,
        regexp_matches(half(phone), '1[3-9][0-9]{{9}}[^0-9]+[0-9]{{1,6}}$') as is_virtual,
        lower(half(email)) as email,
        case when gender in ('female', 'male') then gender end as gender,
        case when birth_on > date '1900-01-01' {birth_year_patterns} then strftime(birth_on, '%Y%m%d') end as birth,
        birth_on - date '1900-01-01' as birth_day,
        code(national_id) as national,
        nullif(regexp_replace(packed(words(city)), '市$', ''), '') as city,
        packed(words(address)) as address,
        code(postcode) as postcode
    from records
)

select
    record_key, record_type, source_system, shop_id, record_id, row_hash, loaded_at, card, unionid,
    -- Of a masked Chinese name the first character is known, and is the family's.
    case
        when coalesce(given_name, family_name) is not null then given_name
        when is_masked then null
        when is_han(name) then nullif(substr(name, family_length(name) + 1), '')
        when has_comma then nullif(regexp_extract(name, '^[^ ]+ (.+)$', 1), '')
        else nullif(regexp_extract(name, '^(.+) [^ ]+$', 1), '')
    end as given,
    case
        when coalesce(given_name, family_name) is not null then family_name
        when is_masked then case when is_han(name) then left(name, 1) end
        when is_han(name) then left(name, family_length(name))
        when has_comma then split_part(name, ' ', 1)
        else regexp_extract(name, '([^ ]+)$', 1)
    end as family,
    birth,
    birth_day,
    gender,
    case
        when not is_virtual and regexp_matches(bare, '^[+]?[0-9]{{7,15}}$')
            and replace(right(bare, 7), right(bare, 1), '') <> '' and not contains(bare, '12345678')
            {phone_patterns}
            then ltrim(bare, '+')
    end as phone,
    case
        when is_virtual then null
        when phone is not null then left(phone, 3) || right(phone, 4)
        when regexp_matches(bare, '^[0-9]{{3}}.*[*].*[0-9]{{4}}$') then left(bare, 3) || right(bare, 4)
    end as phone_ends,
    case when regexp_matches(email, '^[^@ *]*[\\p{{L}}\\p{{N}}][^@ *]*@[^@ *]*[\\p{{L}}\\p{{N}}][^@ *]*$') {email_patterns} then email end as email,
    case when length(national) >= 5 then national end as national,
    city,
    coalesce(
        postcode,
        case when is_han(address) then regexp_extract(address, '(?:^|[^0-9])([1-9][0-9]{{5}})$', 1) end
    ) as postcode,
    case when length(address) >= 5 then array_to_string(list_sort(tokens_of(address)), ' ') end as address,
    split_part(email, '@', 1) as mailbox,
    split_part(email, '@', 2) as domain
from spelled
"""

_FEATURES = """
create or replace table features as
with dates as (
    select birth, count(*) as row_count, sum(count(*)) over () / count(*) over () as usual
    from clean where birth is not null group by birth
),

-- Defaults such as 1 January 1970 stand out of the days around them.
default_birth as (select birth from dates where row_count > 20 + 10 * usual),

{shared},

-- Numbered apart from the rest, which would be sorted along.
numbered as (select record_key, row_number() over (order by record_key) as rid from clean)

select
    numbered.rid,
    clean.* exclude (birth_day, {names}),
    {kept},
    case when default_birth.birth is null then clean.birth_day end as birth_day,
    -- Splink does not train a field while it blocks on one of its columns: swapped names need their own.
    given as first,
    family as last,
    string_split(clean.address, ' ') as tokens
from clean
inner join numbered on clean.record_key = numbered.record_key
{joins}
"""


# Given name and number, initials and family name, and the like. Of a Chinese name the letters are the
# pinyin, which is not compared: any letters count.
_NAMED_MAIL = """
create or replace table features as
with marked as (
    select *, regexp_replace(mailbox, '[^\\p{L}]', '', 'g') as letters,
        coalesce(domain in (select unnest($domains)), false) as is_many_domain
    from features
)

select * exclude (letters),
    coalesce(is_many_domain and length(letters) >= 2 and (
        is_han(coalesce(given, family))
        or (length(given) >= 2 and starts_with(letters, given))
        or (length(family) >= 2 and (contains(letters, family) or starts_with(letters, left(family, 4))))
    ), false) as is_named_mail
from marked
"""


def many_domains(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Domains of so many mailboxes that sharing one says nothing: mail providers, and the shop's own."""
    rows = con.execute(
        f"select domain from features where domain is not null group by domain "
        f"having count(distinct mailbox) > {MAILBOXES} order by domain"
    ).fetchall()
    return [domain for (domain,) in rows]


def mark_mail(con: duckdb.DuckDBPyConnection, domains: list[str]) -> None:
    """Add to `features` what an e-mail can say, given the domains of many."""
    con.execute(_NAMED_MAIL, {"domains": domains})


def build(con: duckdb.DuckDBPyConnection, blocked: list[tuple[str, str]]) -> int:
    """Fill `features`, in the current database, from `raw` of the warehouse; returns its rows."""
    con.execute(_MACROS)
    records = " union all by name ".join(
        _RECORDS.format(kind=kind, table=f"{kind}_customers", unionid=unionid)
        for kind, unionid in (("crm", "wechat_unionid"), ("erp", "null"))
    )
    patterns = {
        f"{kind}_patterns": " ".join(
            f"and {column} not like {quoted(text)}" for name, text in blocked if name == kind
        )
        for kind, column in (
            ("phone", "bare"),
            ("email", "email"),
            ("birth_year", "birth_on::varchar"),
        )
    }
    con.execute(_CLEAN.format(records=records, titles=_TITLES, **patterns))
    columns = ["birth", *SHARED]
    shared = ",\n".join(
        f"shared_{name} as (select {name} from clean where {name} is not null group by {name} "
        f"having count(*) > {limit})"
        for name, limit in SHARED.items()
    )
    tables = ["default_birth", *(f"shared_{name}" for name in SHARED)]
    pairs = list(zip(columns, tables, strict=True))
    con.execute(
        _FEATURES.format(
            shared=shared,
            names=", ".join(columns),
            kept=",\n    ".join(
                f"case when {t}.{c} is null then clean.{c} end as {c}" for c, t in pairs
            ),
            joins="\n".join(f"left join {t} on clean.{c} = {t}.{c}" for c, t in pairs),
        )
    )
    con.execute("drop table clean")
    [(count,)] = con.execute("select count(*) from features").fetchall()
    return count
