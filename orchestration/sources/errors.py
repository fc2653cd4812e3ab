"""What can go wrong while fetching, in words for the operator."""

from orchestration.system.errors import OperatorError


class SourceError(OperatorError):
    """A source cannot be fetched; what earlier fetches brought stays. The text never has a secret."""


class ExtraMissing(OperatorError):
    """A package that fetching needs is not installed."""

    exit_code = 2
