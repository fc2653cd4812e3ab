"""The KPI book says what the catalogue says."""

from orchestration.reports.kpi_book import BOOK, catalogue, render


def test_the_book_is_that_of_the_catalogue() -> None:
    assert BOOK.read_text(encoding="utf-8") == render(catalogue()), "`make book` writes it again"


def test_every_kpi_has_an_entry() -> None:
    book = BOOK.read_text(encoding="utf-8")
    kpis = catalogue()
    assert len(kpis) > 90
    assert [k["kpi_code"] for k in kpis if f"`{k['kpi_code']}` = {k['formula']}" not in book] == []
    assert book.count("\n### ") == len(kpis)
