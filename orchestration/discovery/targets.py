"""Which columns of the contract a header fills, and the sample of its cells that may be shown."""

from orchestration.config.contract import load_contract
from orchestration.discovery.exports import Export
from orchestration.discovery.facts import Facts, masked_sample
from orchestration.discovery.known_exports import profile
from orchestration.landing.read import headers


def targets(export: Export) -> dict[int, tuple[str, str]]:
    """By position of a header the columns that it fills, and how sure that is."""
    found: dict[int, tuple[str, str]] = {}
    for match in export.matches:
        for name, candidate in match.columns.items():
            place = candidate.facts.position
            names = [found[place][0]] if place in found else []
            if name not in names:
                found[place] = (", ".join([*names, name]), f"{min(candidate.confidence, 1):.0%}")
    index = headers.index_of(export.table.headers)
    for one in export.profiles:
        for name, spec in profile(one.profile).columns.items():
            for group in spec.groups:
                place = next((p for h in group if (p := headers.find(h, index)) is not None), None)
                if place is not None:
                    known = found.get(place, ("", ""))[0].split(", ") if place in found else []
                    found[place] = (", ".join(dict.fromkeys([*known, name])), "profile")
        for name, header in export.renamed.get(one.profile, {}).items():
            found[export.table.headers.index(header)] = (name, "proposed")
    return found


def sample_of(export: Export, fact: Facts, columns: str) -> str:
    """A sample of a column; words are shown only under columns of the contract that hold nothing personal."""
    named = [c for c in columns.split(", ") if c]
    contract = [load_contract()[code].columns for code in export.feed_codes]
    found = [known[name] for known in contract for name in named if name in known]
    words = fact.words if found and not any(column.pii for column in found) else ()
    return masked_sample(fact.samples, fact.kind, words)
