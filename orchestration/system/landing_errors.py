"""What can go wrong while landing, in words for the operator."""

from orchestration.system.errors import OperatorError


class LandingError(OperatorError):
    """Nothing can land: the configuration, the inbox or the warehouse is unusable."""


class FileRejected(Exception):
    """One file cannot land; the others do. The text names the file, what is wrong and what to do."""
