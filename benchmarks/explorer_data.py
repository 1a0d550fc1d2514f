"""A table of variants as an annotation with the GRCh38 bundle gives it, but made up.

The same table each time, whatever the machine: every value comes from the MD5 of its row's number.
"""

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

_ROWS_PER_GROUP = 32_768  # as gas.annotation.results.parquet writes it, like all options below
_GENES = 20_000
_CHROMOSOMES = [*map(str, range(1, 23)), "X", "Y"]
_PLAIN = ("id", "hgvsc", "hgvsp")
_ROLES = {
    "dbsnp": "id",
    "af_1000g": "frequency",
    "af_gnomad": "frequency",
    "af_topmed": "frequency",
    "clinvar": "id",
    "clinvar_sig": "significance",
    "clinvar_review": "other",
    "clinvar_disease": "disease",
    "cytoband": "region",
    "segdup": "region",
}
# Of 1000 alleles in genes, about as in whole genomes; the list is drawn from by a cubed number,
# so that its first terms are the most frequent ones.
_CONSEQUENCES = [
    *(("intron_variant", "MODIFIER"), ("non_coding_transcript_exon_variant", "MODIFIER")),
    *(("upstream_gene_variant", "MODIFIER"), ("downstream_gene_variant", "MODIFIER")),
    *(("3_prime_UTR_variant", "MODIFIER"), ("synonymous_variant", "LOW")),
    *(("missense_variant", "MODERATE"), ("5_prime_UTR_variant", "MODIFIER")),
    *(("splice_region_variant&intron_variant", "LOW"), ("inframe_deletion", "MODERATE")),
    *(("missense_variant&splice_region_variant", "MODERATE"), ("frameshift_variant", "HIGH")),
    *(("stop_gained", "HIGH"), ("splice_donor_variant", "HIGH"), ("start_lost", "HIGH")),
]
_SIGNIFICANCES = [
    *("Uncertain_significance", "Likely_benign", "Benign", "Benign/Likely_benign"),
    *("Conflicting_classifications_of_pathogenicity", "Likely_pathogenic", "Pathogenic"),
    *("Pathogenic/Likely_pathogenic", "drug_response&Benign"),
]


def write_variants_table(path: Path, count: int) -> None:
    """Write ``count`` alleles, sorted, with the columns of a real result."""
    with duckdb.connect(config={"preserve_insertion_order": True}) as connection:
        connection.execute(_SQL, {"count": count, "genes": _GENES, **_lists()})
        table = connection.sql("FROM variants ORDER BY number").to_arrow_table()
    table = table.drop(["number"])
    texts = [field.name for field in table.schema if str(field.type).endswith("string")]
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        use_dictionary=[name for name in texts if name not in _PLAIN],
        column_encoding={"position": "DELTA_BINARY_PACKED"},
        write_page_index=True,
        store_schema=False,
    ) as writer:
        writer.add_key_value_metadata({"GAS_columns": "{}", "GAS_roles": json.dumps(_ROLES)})
        writer.write_table(table, row_group_size=_ROWS_PER_GROUP)


def _lists() -> dict[str, list[str]]:
    return {
        "chromosomes": _CHROMOSOMES,
        "consequences": [name for name, _ in _CONSEQUENCES],
        "impacts": [impact for _, impact in _CONSEQUENCES],
        "significances": _SIGNIFICANCES,
    }


# a and b are 64 random bits each; "a >> n" with a small modulus is one draw of its own.
_SQL = """
CREATE TABLE variants AS
WITH seeds AS (
    SELECT i, md5_number_lower('a' || i) AS a, md5_number_lower('b' || i) AS b,
           i * len($chromosomes) // $count AS c, i * $genes // $count AS gene_number
    FROM range($count) rows(i)
), drawn AS (
    SELECT *, (a >> 8) % 100 < 60 AS in_gene, (a >> 16) % 1000 < 880 AS is_known,
           (b >> 8) % 1000 < 8 AS in_clinvar,
           1 + floor(pow(((a >> 24) % 65536) / 65536.0, 4) * len($consequences))::INTEGER AS kind,
           pow(((b >> 16) % 1048576) / 1048576.0, 6) AS frequency,
           'ENST' || lpad((gene_number * 7)::VARCHAR, 11, '0') || '.' || (1 + gene_number % 9)
               AS transcript_name
    FROM seeds
), placed AS (
    SELECT *, in_gene AND $impacts[kind] IN ('HIGH', 'MODERATE', 'LOW') AS is_coding FROM drawn
)
SELECT
    i AS number,
    $chromosomes[c + 1] AS chromosome,
    (10000 + (i - c * $count // len($chromosomes)) * 2800 + a % 2000)::INTEGER AS position,
    NULL::VARCHAR AS id,
    substr('ACGT', 1 + ((a >> 40) % 4)::INTEGER, 1)
        || CASE WHEN (a >> 42) % 12 = 0 THEN repeat('CA', 1 + ((a >> 46) % 6)::INTEGER) ELSE '' END
        AS reference,
    substr('CGTA', 1 + ((a >> 40) % 4)::INTEGER, 1) AS alternate,
    (((b >> 36) % 99000) / 100.0)::FLOAT AS quality,
    CASE WHEN (b >> 50) % 25 = 0 THEN 'q10;LowDP' WHEN (b >> 50) % 25 = 1 THEN 'q10' ELSE 'PASS' END
        AS "filter",
    CASE WHEN in_gene THEN $consequences[kind] ELSE 'intergenic_variant' END AS consequence,
    CASE WHEN in_gene THEN $impacts[kind] ELSE 'MODIFIER' END AS impact,
    CASE WHEN in_gene THEN 'GENE' || gene_number END AS gene,
    CASE WHEN in_gene THEN 'ENSG' || lpad(gene_number::VARCHAR, 11, '0') END AS gene_id,
    CASE WHEN in_gene THEN transcript_name END AS transcript,
    CASE WHEN in_gene THEN if(gene_number % 4 = 0, 'lncRNA', 'protein_coding') END AS biotype,
    CASE WHEN is_coding THEN (1 + a % 12) || '/12' END AS exon,
    CASE WHEN in_gene AND NOT is_coding THEN (1 + a % 11) || '/11' END AS intron,
    CASE WHEN in_gene THEN transcript_name || ':c.' || (1 + a % 4000)
        || if(is_coding, '', '+' || (1 + b % 20000)) || 'A>G' END AS hgvsc,
    CASE WHEN is_coding THEN 'ENSP' || lpad((gene_number * 7)::VARCHAR, 11, '0')
        || '.2:p.Arg' || (1 + a % 1300) || 'Gly' END AS hgvsp,
    CASE WHEN is_coding THEN (200 + a % 4000)::VARCHAR END AS cdna_position,
    CASE WHEN is_coding THEN (1 + a % 4000)::VARCHAR END AS cds_position,
    CASE WHEN is_coding THEN (1 + a % 1300)::VARCHAR END AS protein_position,
    CASE WHEN is_coding THEN 'aGa/aTa' END AS codons,
    CASE WHEN is_coding THEN 'R/I' END AS amino_acids,
    CASE WHEN in_gene AND kind IN (3, 4) THEN (b % 5000)::BIGINT END AS distance,
    CASE WHEN in_gene AND gene_number % 3 > 0 THEN 'YES' END AS canonical,
    CASE WHEN in_gene AND gene_number % 3 > 0 THEN 'MANE_Select' END AS mane,
    CASE WHEN is_known THEN 'rs' || (b % 1500000000) END AS dbsnp,
    CASE WHEN is_known AND (b >> 60) % 2 = 0 THEN round(frequency, 4) END AS af_1000g,
    CASE WHEN is_known THEN round(frequency, 6) END AS af_gnomad,
    CASE WHEN is_known THEN round(frequency * 0.9, 6) END AS af_topmed,
    CASE WHEN in_clinvar THEN (b % 3000000)::VARCHAR END AS clinvar,
    CASE WHEN in_clinvar THEN $significances[1 + (a % len($significances)::UBIGINT)::INTEGER] END
        AS clinvar_sig,
    CASE WHEN in_clinvar THEN 'criteria_provided,_single_submitter' END AS clinvar_review,
    CASE WHEN in_clinvar THEN 'Disease_of_gene_' || gene_number END AS clinvar_disease,
    $chromosomes[c + 1] || 'q' || (gene_number % 40) AS cytoband,
    CASE WHEN a % 20 = 0 THEN '0.9' || (b % 100) END AS segdup,
    NULL::VARCHAR AS gas_skipped,
    (a % 2)::INTEGER AS samples_heterozygous,
    (1 - a % 2)::INTEGER AS samples_homozygous,
    0::INTEGER AS samples_missing
FROM placed
"""
