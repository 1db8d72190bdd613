"""What the tables' files say stands in the docs, and on the command line."""

from pathlib import Path

from models.catalog import load_catalog
from pipelines.warehouse.catalog import pages

DOCS = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_docs_list_the_tables_as_their_files_declare_them() -> None:
    expected = "\n".join(pages.markdown(load_catalog())) + "\n"
    assert DOCS.read_text() == expected, "meadow tables --markdown > docs/tables.md"


def test_a_tables_page_says_its_grain_its_inputs_and_every_column() -> None:
    model = load_catalog()["gold.brand_daily"]
    text = "\n".join(pages.page(model))
    assert model.header.grain in text
    assert all(name in text for name in model.inputs)
    assert all(f"{c.name} " in text and c.meaning in text for c in model.header.columns)
