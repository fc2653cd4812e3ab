"""The base class of every error that an operator can cause, so that commands need no list of them."""


class OperatorError(RuntimeError):
    """The text says what is wrong and what to do; the command prints it and ends with `exit_code`.

    1 means that the command failed, 2 that the configuration is wrong.
    """

    exit_code = 1
