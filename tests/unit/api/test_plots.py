"""The plots of a summary: what they show, where it is drawn, and their tables."""

from typing import Any

import pytest

from gas.annotation import Summary
from services.api.plots import Bars, Columns, Plot, Stacks, plots_of, to_tsv
from services.api.plots.words import compact, shortened
from tests.unit.api.results import SUMMARY_CONTENT

IMPACTS = {
    "synonymous_variant": "LOW",
    "missense_variant": "MODERATE",
    "stop_gained": "HIGH",
}


def plots(**changes: Any) -> dict[str, Plot]:
    summary = Summary.model_validate({**SUMMARY_CONTENT, **changes})
    return {plot.name: plot for plot in plots_of(summary, IMPACTS)}


def bars(plot: Plot) -> Bars:
    assert isinstance(plot.figure, Bars)
    return plot.figure


def columns(plot: Plot) -> Columns:
    assert isinstance(plot.figure, Columns)
    return plot.figure


def test_a_summary_has_a_plot_for_everything_it_counts() -> None:
    assert list(plots()) == [
        "impact",
        "consequences",
        "genes",
        "types",
        "ti-tv",
        "chromosomes",
        "frequency-mitomap_af",
        "indels",
        "genotypes",
        "unannotated",
    ]


def test_what_there_are_no_numbers_for_is_not_drawn() -> None:
    nothing: dict[str, Any] = {
        "skipped": {},
        "consequences": {},
        "impacts": {},
        "top_genes": [],
        "genotypes": [],
        "frequencies": {},
        "indel_lengths": {},
        "transitions": 0,
        "transversions": 0,
        "ti_tv": None,
    }

    assert list(plots(**nothing)) == ["types", "chromosomes"]


def test_bars_are_as_long_as_their_counts_and_start_at_zero() -> None:
    drawn = bars(plots()["consequences"]).bars

    assert [bar.label for bar in drawn] == [
        "synonymous_variant",
        "missense_variant",
        "stop_gained",
    ]
    assert {bar.box.x for bar in drawn} == {0}
    assert drawn[0].box.width == 400
    assert drawn[1].box.width == pytest.approx(400 * 141 / 300)
    assert drawn[2].box.width == pytest.approx(400 * 10 / 300, abs=0.01)
    assert [bar.value for bar in drawn] == ["300 (67 %)", "141 (31 %)", "10 (2 %)"]


def test_rows_do_not_overlap_and_fit_into_the_figure() -> None:
    for plot in plots().values():
        if isinstance(plot.figure, Bars):
            tops = [bar.label_y for bar in plot.figure.bars]
            bottoms = [bar.box.y + bar.box.height for bar in plot.figure.bars]
            assert all(bottom < top for bottom, top in zip(bottoms, tops[1:], strict=False))
            assert bottoms[-1] <= plot.figure.height


def test_what_is_rare_is_still_seen() -> None:
    drawn = bars(
        plots(consequences={"intron_variant": 4_000_000, "stop_gained": 1})["consequences"]
    )

    assert drawn.bars[1].box.width == 2
    assert drawn.bars[1].value == "1 (< 1 %)"


def test_colours_are_impacts_and_terms_that_are_not_known_have_none() -> None:
    drawn = bars(plots(consequences={"stop_gained": 2, "made_up": 1})["consequences"]).bars

    assert [bar.tone for bar in drawn] == ["high", "plain"]


def test_impacts_are_in_the_order_of_severity() -> None:
    assert [row[0] for row in plots()["impact"].rows] == ["HIGH", "MODERATE", "LOW"]


def test_bars_lead_to_the_explorer_with_their_filter() -> None:
    made = plots(chromosomes={"MT": 1, "HLA-A*01:01": 2})

    assert bars(made["impact"]).bars[0].filters == {"impact": "HIGH"}
    assert bars(made["consequences"]).bars[0].filters == {"consequence": "synonymous_variant"}
    assert bars(made["genes"]).bars[0].filters == {"gene": "MT-ND5"}
    assert [bar.filters for bar in bars(made["chromosomes"]).bars] == [{"region": "MT"}, None]
    assert made["genes"].leads_on
    assert not made["types"].leads_on


def test_a_gene_that_the_explorer_would_take_for_two_leads_nowhere() -> None:
    genes = [{"gene": "A,B", "alleles": 2}]

    assert not plots(top_genes=genes)["genes"].leads_on


def test_frequencies_are_bins_and_unknown_ones_are_told_beside_them() -> None:
    plot = plots()["frequency-mitomap_af"]
    figure = columns(plot)

    assert [tick.label for tick in figure.ticks] == ["0", "<0.01", "≥0.5"]
    assert [column.value for column in figure.columns] == ["74", "120", "200"]
    assert "57 are not in it" in plot.caption
    assert plot.rows[-1] == ("not known", 57, pytest.approx(57 / 451))


def test_columns_stand_on_the_axis_and_the_highest_is_the_most_frequent() -> None:
    figure = columns(plots()["frequency-mitomap_af"])

    assert {column.box.y + column.box.height for column in figure.columns} == {figure.base}
    heights = [column.box.height for column in figure.columns]
    assert heights == [pytest.approx(150 * n / 200) for n in (74, 120, 200)]


def test_lengths_of_indels_have_a_place_each_and_the_longest_stand_for_all_beyond() -> None:
    plot = plots(indel_lengths={"<=-51": 4, "-1": 2, "3": 1, ">=51": 5})["indels"]
    figure = columns(plot)

    assert len(figure.columns) == 103
    assert figure.columns[0].tip == "≤ -51 bases: 4 alleles, 33 %"
    assert figure.columns[-1].tip == "≥ 51 bases: 5 alleles, 42 %"
    assert figure.columns[50].box.height == pytest.approx(150 * 2 / 5)
    assert [row[0] for row in plot.rows] == ["<=-51", "-1", "3", ">=51"]
    assert "outermost" in plot.caption


def test_genotypes_of_a_sample_fill_its_row() -> None:
    figure = plots()["genotypes"].figure

    assert isinstance(figure, Stacks)
    for stack in figure.stacks:
        assert sum(part.box.width for part in stack.parts) == pytest.approx(400, abs=0.05)
        ends = [part.box.x + part.box.width for part in stack.parts]
        starts = [part.box.x for part in stack.parts[1:]]
        assert starts == pytest.approx(ends[:-1], abs=0.05)
    assert figure.stacks[1].parts[1].tip == "L0, heterozygous: 1 record, < 1 %"


def test_of_very_many_the_first_are_drawn_and_all_are_in_the_table() -> None:
    many = {f"contig_{number}": 1 for number in range(3_000)}
    plot = plots(chromosomes=many)["chromosomes"]

    assert len(bars(plot).bars) == 26
    assert len(plot.rows) == 3_000
    assert "2,974 more are in the table" in plot.caption


def test_without_transversions_there_is_no_ratio() -> None:
    plot = plots(transversions=0, ti_tv=None)["ti-tv"]

    assert "no transversions, so no ratio" in plot.caption
    assert plot.rows[1] == ("Transversions", 0, 0.0)
    assert bars(plot).bars[1].box.width == 0


def test_a_table_is_saved_with_its_header_and_one_line_a_row() -> None:
    genes = [{"gene": "A\tB\nC", "alleles": 3}]

    assert to_tsv(plots(top_genes=genes)["genes"]) == "Gene\tAlleles\tShare\nA B C\t3\t0.0067\n"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1_000, "1.0k"), (9_960, "10k"), (56_000, "56k"), (1_200_000, "1.2M")],
)
def test_numbers_are_short_where_there_is_little_room(count: int, text: str) -> None:
    assert compact(count) == text


def test_long_names_are_cut_for_the_drawing_alone() -> None:
    assert shortened("x" * 100) == "x" * 35 + "…"
    plot = plots(top_genes=[{"gene": "x" * 100, "alleles": 1}])["genes"]
    assert plot.rows[0][0] == "x" * 100
    assert bars(plot).bars[0].tip.startswith("x" * 100)
