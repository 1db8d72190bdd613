"""The page of an evaluation, as it is read."""

from pathlib import Path

from models.evaluation.document import write
from models.evaluation.judging import judge
from tests.models.evaluation.literal_subjects import KIND, collected, varied


def test_a_page_is_written_of_a_town_of_which_nothing_is_flagged(tmp_path: Path) -> None:
    judged, pooled = judge([collected(tmp_path / "quiet")], 0.5, "meadow evaluate", say=str)
    page = write(judged)
    assert pooled.towns == 1
    assert "**Too few to say for certain**" in page
    assert f"| {KIND} | order | 1 | 1 | 0.0 % | **missed** |" in page
    assert "No detector has flagged anything." in page
    assert "nan" not in page
    assert max(map(len, page.splitlines()[:12])) <= 100


def test_recall_of_varied_campaigns_stands_beside_that_of_the_packaged(tmp_path: Path) -> None:
    swept = varied(collected(tmp_path / "swept"))
    judged, _ = judge([collected(tmp_path / "quiet"), swept], 0.5, "meadow evaluate", say=str)
    assert f"| {KIND} | - | 0 % | 0 % | - | - | - |" in write(judged)
