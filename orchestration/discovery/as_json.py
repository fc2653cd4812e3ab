"""A proposal as plain values, for other programs."""

from typing import Any

from orchestration.discovery.block import Block
from orchestration.discovery.block_text import text_of
from orchestration.discovery.exports import Export
from orchestration.discovery.proposal import Proposal
from orchestration.discovery.targets import sample_of, targets
from orchestration.landing.record.report import LandingReport


def facts_json(proposal: Proposal, report: LandingReport | None) -> dict[str, Any]:
    """The proposal for other programs."""
    return {
        "exports": [_export_json(export) for export in proposal.exports],
        "relations": proposal.relations,
        "unreadable": [{"file": name, "error": error} for name, error in proposal.unreadable],
        "currency": proposal.currency,
        "mappings": [_block_json(block) for block in proposal.blocks],
        "yaml": text_of(proposal.blocks) if proposal.blocks else "",
        "trial": report.facts() if report else None,
    }


def _export_json(export: Export) -> dict[str, Any]:
    filled = targets(export)
    return {
        "files": export.files,
        "sheet": export.table.sheet,
        "rows": export.rows,
        "encoding": export.table.encoding,
        "delimiter": export.table.shape.delimiter,
        "header_row": export.table.shape.header_row,
        "profiles": [vars(found) for found in export.profiles],
        "feeds": export.feed_codes,
        "findings": export.findings,
        "columns": [
            {
                "header": fact.header,
                "kind": fact.kind,
                "fill_rate": round(fact.fill_rate, 4),
                "distinct": fact.distinct,
                "sample": sample_of(export, fact, filled.get(fact.position, ("", ""))[0]),
                "contract_columns": filled[fact.position][0].split(", ")
                if fact.position in filled
                else [],
                "confidence": filled.get(fact.position, ("", ""))[1],
            }
            for fact in export.facts
        ],
    }


def _block_json(block: Block) -> dict[str, Any]:
    return {"feed": block.feed, **block.content, "doubts": block.doubts}
