"""Why rows were refused, as an operator reads it: by file after a landing, in short each morning."""

import pytest

from orchestration.landing.record.report import UNMAPPED, Reason
from orchestration.reports import landing_print

REASONS = [
    Reason("erp.orders", "a.csv", "paid_amount", "not_a_number", 2, 7, "paid_amount is no number."),
    Reason("erp.orders", "b.csv", "paid_amount", "not_a_number", 3, 9, "paid_amount is no number."),
    Reason("erp.orders", "b.csv", None, "total_row", 1, 40, "Total row, not a record."),
]
WARNINGS = [f"{name}.csv (erp.orders): {UNMAPPED}: 备注" for name in "abcde"]


def test_a_landing_is_told_by_file_with_an_example_row(capsys: pytest.CaptureFixture) -> None:
    landing_print.print_reasons(REASONS, ["c.csv: is empty"], WARNINGS)
    shown = capsys.readouterr().out
    assert "c.csv: is empty" in shown
    assert "2 rows paid_amount not_a_number, such as row 7" in shown
    assert "3 rows paid_amount not_a_number, such as row 9" in shown
    assert "paid_amount is no number." in shown
    assert shown.index("Totals and explanations, which are no records") > shown.index(
        "such as row 9"
    )
    assert f"5 files have {UNMAPPED}" in shown
    assert "备注" not in shown


def test_a_morning_adds_up_the_files(capsys: pytest.CaptureFixture) -> None:
    landing_print.print_summary(REASONS, [], [f"warning {n}" for n in range(9)])
    shown = capsys.readouterr().out
    assert "5 erp.orders paid_amount not_a_number" in shown
    assert "in 2 files, such as row 7 of a.csv" in shown
    assert "1 totals and explanations in 1 file are no records" in shown
    assert "and 6 more" in shown
