"""The KPI book says what the catalogue says."""

from orchestration.config.settings import PROJECT
from orchestration.reports.kpi_book import BOOK, catalogue, render
from tools import wide_kpis


def test_the_book_is_that_of_the_catalogue() -> None:
    assert BOOK.read_text(encoding="utf-8") == render(catalogue()), "`make book` writes it again"


def test_every_kpi_has_an_entry() -> None:
    book = BOOK.read_text(encoding="utf-8")
    kpis = catalogue()
    assert len(kpis) > 90
    assert [k["kpi_code"] for k in kpis if f"`{k['kpi_code']}` = {k['formula']}" not in book] == []
    assert book.count("\n### ") == len(kpis)


def test_the_wide_tables_have_the_columns_of_the_catalogue() -> None:
    assert wide_kpis.outdated(PROJECT) == [], "`make book` writes them again"


def test_a_new_kpi_becomes_a_column_of_the_wide_tables() -> None:
    kpis = [*catalogue(), {"kpi_code": "new_kpi", "en": "New KPI", "zh": "新指标"}]
    for path in (wide_kpis.MACRO, *wide_kpis.MARTS):
        text = (PROJECT / path).read_text(encoding="utf-8")
        assert "new_kpi" not in text
        assert "new_kpi" in wide_kpis.render(path, text, kpis)
