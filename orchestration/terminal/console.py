"""Where a command writes: answers to stdout, everything else to stderr; neither is ever cut silently."""

from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
