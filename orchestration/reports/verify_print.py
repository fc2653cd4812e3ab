"""What `shop360 verify` prints."""

from rich.markup import escape

from orchestration.config.hints import with_full_commands
from orchestration.reports.verify import Verdict
from orchestration.terminal.console import console


def print_verdict(verdict: Verdict) -> None:
    """A line for each place, and below it what was found there."""
    for place in dict.fromkeys([*verdict.checked, *(f.place for f in verdict.findings)]):
        count = verdict.checked.get(place, 0)
        found = [finding for finding in verdict.findings if finding.place == place]
        mark = "[red]✗[/]" if found else "[green]✓[/]"
        problems = "1 problem" if len(found) == 1 else f"{len(found):,} problems"
        said = problems if found else "whole"
        console.print(f"{mark} {place}: {count:,} checked, {said}")
        for finding in found:
            console.print(
                f"    {escape(finding.name)}: {escape(finding.problem)}. {escape(with_full_commands(finding.advice))}",
                soft_wrap=True,
            )
