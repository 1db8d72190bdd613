"""One table, one file: what a file may say, and how it is refused when it says it wrongly."""

from datetime import date
from pathlib import Path

import pytest

from models.catalog import load_catalog
from pipelines.warehouse.catalog import LAYERS, Catalog, CatalogError, ModelError, load
from pipelines.warehouse.catalog.model import substitute
from pipelines.warehouse.lake import Column, Window

HEADER = """
grain: one row per note
owner: insight
freshness: 26h
columns:
  note_id: the note
  reads: times it was read [count]
"""
DAILY = HEADER + "  event_date: reporting-local day [day]\npartition: event_date\n"
QUERY = "SELECT note_id, reads FROM bronze.notes"
BOUND = "WHERE event_date BETWEEN $from_date AND $to_date"


def declare(folder: Path, name: str, header: str = HEADER, query: str = QUERY) -> None:
    """Write the file of table ``layer.table``."""
    layer, _, table = name.partition(".")
    (folder / layer).mkdir(exist_ok=True)
    (folder / layer / f"{table}.sql").write_text(f"/*{header}*/\n{query}\n")


def loaded(folder: Path) -> Catalog:
    return load({layer: folder / layer for layer in LAYERS}, {"limit": 3, "kind": "it's"})


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder in which ``bronze.notes`` is declared and Python makes it."""
    declare(tmp_path, "bronze.notes", DAILY, query="")
    return tmp_path


def refused(folder: Path, header: str = HEADER, query: str = QUERY) -> str:
    declare(folder, "silver.notes", header, query)
    with pytest.raises(ModelError) as error:
        loaded(folder)
    return str(error.value)


def test_a_file_declares_its_table_and_reads_its_inputs_from_its_query(notes: Path) -> None:
    declare(notes, "silver.notes")
    model = loaded(notes)["silver.notes"]
    assert model.inputs == ("bronze.notes",)
    assert model.table.columns == (Column("note_id", "VARCHAR"), Column("reads", "BIGINT"))
    assert model.header.freshness_hours == 26


def test_every_table_of_the_warehouse_comes_after_its_inputs() -> None:
    names = [model.name for model in load_catalog()]
    for model in load_catalog():
        assert all(names.index(given) < names.index(model.name) for given in model.inputs)


def test_an_error_names_the_file(notes: Path) -> None:
    message = refused(notes, query="SELECT note_id FROM bronze.notes")
    assert message.startswith(str(notes / "silver" / "notes.sql"))


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("owner: insight\n", "", "owner"),
        ("freshness: 26h", "freshness: daily", "freshness"),
        ("[count]", "[furlongs]", r"unknown unit [furlongs]; known: UTC, bytes, count"),
        ("grain:", "color: green\ngrain:", "color"),
        ("grain:", "grain: [", "header"),
    ],
)
def test_a_wrong_header_is_refused(notes: Path, wrong: str, right: str, complaint: str) -> None:
    assert complaint in refused(notes, HEADER.replace(wrong, right, 1))


def test_an_unknown_kind_of_expectation_is_refused(notes: Path) -> None:
    assert "expect" in refused(notes, HEADER + "expect:\n  - hopefully: [note_id]\n")


def test_a_file_without_a_header_is_refused(notes: Path) -> None:
    (notes / "silver").mkdir()
    (notes / "silver" / "notes.sql").write_text(QUERY)
    with pytest.raises(ModelError, match="begins with its header"):
        loaded(notes)


def test_a_select_list_that_differs_from_the_columns_is_refused(notes: Path) -> None:
    message = refused(notes, query="SELECT reads, note_id FROM bronze.notes")
    assert "declares the columns ['note_id', 'reads'] and selects ['reads', 'note_id']" in message


@pytest.mark.parametrize("bound", ["", "WHERE event_date >= $from_date"])
def test_a_partitioned_query_without_its_window_is_refused(notes: Path, bound: str) -> None:
    query = f"SELECT note_id, reads, event_date FROM bronze.notes {bound}"
    assert "must be bounded by $" in refused(notes, DAILY, query)


def test_an_unknown_parameter_is_refused(notes: Path) -> None:
    message = refused(notes, query=f"{QUERY} WHERE reads > $limmit")
    assert "unknown parameter $limmit" in message


def test_a_query_that_is_not_portable_is_refused(notes: Path) -> None:
    message = refused(notes, query="SELECT note_id, hash(reads) AS reads FROM bronze.notes")
    assert "hash() is not known to mean the same on both engines" in message


def test_affects_of_a_table_that_is_not_read_is_refused(notes: Path) -> None:
    header = HEADER + "affects:\n  bronze.orders: SELECT 1\n"
    assert "`affects` names a table that the query does not read" in refused(notes, header)


def test_a_partition_that_is_no_day_is_refused(notes: Path) -> None:
    query = f"SELECT note_id, reads FROM bronze.notes {BOUND}"
    declare(notes, "silver.notes", HEADER + "partition: reads\n", query)
    with pytest.raises(ValueError, match="must be a column of type DATE"):
        _ = loaded(notes)["silver.notes"].table


def test_a_table_that_no_file_declares_cannot_be_read(notes: Path) -> None:
    declare(notes, "silver.notes", query=QUERY.replace("notes", "clips"))
    with pytest.raises(CatalogError, match=r"reads bronze\.clips, which no file declares"):
        loaded(notes)


def test_a_table_of_a_later_layer_cannot_be_read(notes: Path) -> None:
    declare(notes, "gold.notes")
    declare(notes, "silver.notes", query=QUERY.replace("bronze", "gold"))
    with pytest.raises(CatalogError, match=r"silver\.notes reads gold\.notes, which is of a later"):
        loaded(notes)


def test_a_table_by_day_cannot_read_a_latest_state(notes: Path) -> None:
    declare(notes, "bronze.notes", HEADER, query="")
    query = f"SELECT note_id, reads, event_date FROM bronze.notes {BOUND}"
    declare(notes, "silver.notes", DAILY, query)
    with pytest.raises(CatalogError, match="past days would change with it"):
        loaded(notes)


def test_a_header_may_name_a_parameter_and_changes_with_it(notes: Path) -> None:
    query = f"SELECT note_id, reads, event_date FROM bronze.notes {BOUND}"
    declare(notes, "silver.notes", DAILY + "lookback: $limit\n", query)
    model = loaded(notes)["silver.notes"]
    assert model.header.lookback == 3
    other = load({n: notes / n for n in ("bronze", "silver")}, {"limit": 4, "kind": "x"})
    assert other["silver.notes"].hash != model.hash


def test_a_parameter_that_a_table_does_not_use_does_not_change_it(notes: Path) -> None:
    declare(notes, "silver.notes")
    other = load({n: notes / n for n in ("bronze", "silver")}, {"limit": 4})
    assert other["silver.notes"].hash == loaded(notes)["silver.notes"].hash


def test_tables_that_read_each_other_in_a_circle_have_no_order(notes: Path) -> None:
    declare(notes, "silver.a", query=QUERY.replace("bronze.notes", "silver.b"))
    declare(notes, "silver.b", query=QUERY.replace("bronze.notes", "silver.a"))
    with pytest.raises(CatalogError, match="in a circle"):
        _ = loaded(notes).ordered


def test_an_unknown_table_is_named_with_the_known_ones(notes: Path) -> None:
    with pytest.raises(CatalogError, match=r"unknown table .silver\.x.; known: bronze\.notes"):
        _ = loaded(notes)["silver.x"]


def test_parameters_become_typed_literals(notes: Path) -> None:
    declare(
        notes,
        "silver.notes",
        DAILY,
        f"SELECT note_id, reads, event_date FROM bronze.notes {BOUND} "
        "AND reads > $limit AND note_id <> $kind",
    )
    query = loaded(notes)["silver.notes"].query(Window(date(2026, 8, 1), date(2026, 8, 2)))
    assert query.endswith(
        "BETWEEN DATE '2026-08-01' AND DATE '2026-08-02' AND reads > 3 AND note_id <> 'it''s'"
    )


def test_a_parameter_without_a_value_is_an_error() -> None:
    with pytest.raises(ModelError, match=r"unknown parameter \$limit; known: \['kind'\]"):
        substitute("SELECT $limit", {"kind": "x"})


def test_a_hash_changes_with_what_the_table_means(notes: Path) -> None:
    declare(notes, "silver.notes")
    before = loaded(notes)["silver.notes"].hash
    assert loaded(notes)["silver.notes"].hash == before
    declare(notes, "silver.notes", query=QUERY + " WHERE reads > 1")
    assert loaded(notes)["silver.notes"].hash != before


def test_a_function_makes_a_table_and_its_text_and_files_are_the_definition(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "made_here.py").write_text("def twice(tables, window): ...\n")
    monkeypatch.syspath_prepend(notes)
    made = "made_by: made_here:twice\nreads: [bronze.notes]\nsays: [weights.yaml]\n"
    (notes / "silver").mkdir()
    (notes / "silver" / "weights.yaml").write_text("a: 1")
    declare(notes, "silver.notes", HEADER + made, query="")
    model = loaded(notes)["silver.notes"]
    assert (model.inputs, model.is_computed) == (("bronze.notes",), True)
    (notes / "silver" / "weights.yaml").write_text("a: 2")
    assert loaded(notes)["silver.notes"].hash != model.hash


@pytest.mark.parametrize(
    ("more", "query", "said"),
    [
        ("made_by: nowhere_at_all:twice\nreads: [bronze.notes]\n", "", "is no module:function"),
        ("made_by: json:loads\n", "", "`made_by` and `reads` stand together"),
        ("made_by: json:loads\nreads: [bronze.notes]\n", QUERY, "not by both"),
        ("made_by: json:loads\nreads: [bronze.notes]\nsays: [x.yaml]\n", "", "there is no"),
    ],
)
def test_a_function_that_cannot_make_a_table_is_refused(
    notes: Path, more: str, query: str, said: str
) -> None:
    assert said in refused(notes, HEADER + more, query)
