import re
from pathlib import Path
from string import Formatter

import dashboards
from dashboards.strings import TEXTS, speaker

SOURCES = [path.read_text() for path in Path(dashboards.__file__).parent.rglob("*.py")]


def test_both_languages_need_the_same_values() -> None:
    for key, texts in TEXTS.items():
        zh, en = (_values(text) for text in texts)
        assert zh == en, key


def test_every_text_that_a_page_says_exists() -> None:
    said = {key for source in SOURCES for key in re.findall(r'\bsay\(\s*"([a-z_.0-9]+)"', source)}
    assert said
    assert said <= TEXTS.keys()


def test_a_text_is_said_in_the_chosen_language_with_its_values() -> None:
    assert speaker("zh")("period.7") == "近7天"
    assert speaker("en")("cause.late_data") == "late data"
    assert speaker("en")("queue.open", count="3") == "Open 3"


def _values(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
