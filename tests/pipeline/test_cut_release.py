"""Cutting a release: the changelog and the version, and what is refused."""

from pathlib import Path

import pytest

from tools.cut_release import NotReleasable, cut

HISTORY = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A mart.\n\n## 0.1.0\n\n- The first.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(HISTORY)
    return tmp_path


def test_a_release_dates_its_changes_and_sets_the_version(root: Path) -> None:
    cut(root, "0.2.0", "2026-11-27")
    history = (root / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 0.2.0 - 2026-11-27\n\n### Added\n\n- A mart.\n\n## 0.1.0" in history
    assert 'version = "0.2.0"' in (root / "pyproject.toml").read_text()
    with pytest.raises(NotReleasable, match="lists nothing"):
        cut(root, "0.3.0", "2026-11-28")


@pytest.mark.parametrize(
    ("version", "history", "words"),
    [
        ("0.1.0", HISTORY, "not newer than 0.1.0"),
        ("new", HISTORY, "no version"),
        ("0.2.0", HISTORY.replace("Unreleased", "Next"), "no section"),
        ("0.2.0", HISTORY.replace("### Added", "### Misc"), "Misc"),
    ],
)
def test_what_cannot_be_released_is_refused_unchanged(
    root: Path, version: str, history: str, words: str
) -> None:
    (root / "CHANGELOG.md").write_text(history)
    with pytest.raises(NotReleasable, match=words):
        cut(root, version, "2026-11-27")
    assert (root / "CHANGELOG.md").read_text() == history
    assert 'version = "0.1.0"' in (root / "pyproject.toml").read_text()
