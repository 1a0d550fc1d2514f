"""``variants.parquet``: one row an alternate allele, in the order of the file, for analysis.

Importing this module costs some 35 MB of memory (Arrow's libraries); do so only to write the file.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.memory import Buffer
from gas.annotation.kernel.output.distinct import Distinct
from gas.annotation.kernel.output.numbers import floats, integers, presence
from gas.annotation.kernel.output.table import fixed_columns
from gas.annotation.kernel.output.zygosity import carriers
from gas.annotation.kernel.records import Records
from gas.annotation.results.info import Field, with_free_names

# Readers skip whole groups by their statistics: small enough to skip, large enough to compress.
ROWS_PER_GROUP = 32_768
# Values that repeat are kept once: less memory while a row group fills, and less work to write it.
_TEXT, _WORDS = pa.large_string(), pa.dictionary(pa.int32(), pa.large_string())
_FIXED: tuple[tuple[str, pa.DataType], ...] = (
    ("chromosome", _WORDS),
    ("position", pa.int32()),
    ("id", _TEXT),
    ("reference", _WORDS),
    ("alternate", _WORDS),
    ("quality", pa.float32()),
    ("filter", _WORDS),
)
_CARRIERS = ("samples_heterozygous", "samples_homozygous", "samples_missing")
_TYPES = {"Integer": pa.int64(), "Float": pa.float64(), "String": _WORDS}
_MANY_VALUES = frozenset({"hgvsc", "hgvsp"})  # nearly every one is another


class ParquetTable:
    """Writes ``target``; ``metadata`` goes into the file's footer.

    So do the descriptions of columns and, of those from the bundle, their roles.

    ``fields`` are named as they shall be in the table, but for GAS_ before a name of the columns
    that are always there. With ``samples``, the table tells how many
    of them carry each allele. The same chunks give the same bytes.
    """

    def __init__(
        self, target: Path, fields: Sequence[Field], *, samples: bool, metadata: Mapping[str, str]
    ) -> None:
        # Unlike Arrow's own allocators, the system's gives memory back.
        pa.set_memory_pool(pa.system_memory_pool())
        self._samples = samples
        fields = with_free_names(fields, {*(name for name, _ in _FIXED), *_CARRIERS})
        typed = [
            *_FIXED,
            *(
                (field.name, _TEXT if field.name.lower() in _MANY_VALUES else _TYPES[field.type])
                for field in fields
            ),
        ]
        if samples:
            typed += [(name, pa.int32()) for name in _CARRIERS]
        self._schema = pa.schema([pa.field(name, kind) for name, kind in typed])
        self._writer = pq.ParquetWriter(
            target,
            self._schema,
            compression="zstd",
            use_dictionary=[name for name, kind in typed if kind == _WORDS],
            column_encoding={"position": "DELTA_BINARY_PACKED"},
            write_page_index=True,
            store_schema=False,  # plain Parquet types: strings, not Arrow's kinds of them
        )
        descriptions = {field.name: field.description for field in fields}
        roles = {field.name: field.role for field in fields if field.role}
        self._writer.add_key_value_metadata(
            {
                **metadata,
                "GAS_columns": json.dumps(descriptions, ensure_ascii=False),
                "GAS_roles": json.dumps(roles),
            }
        )
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def table(self, records: Records, columns: Sequence[Column]) -> Any:
        """The chunk as an Arrow table; ``columns`` in the order of the fields. Any thread may."""
        texts = [*fixed_columns(records), *columns]
        arrays = [
            _array(column, field.type)
            for column, field in zip(texts, self._schema, strict=False)  # carriers: below
        ]
        if self._samples:
            arrays += [_numbers(pa.int32(), len(texts[0]), data) for data in carriers(records)]
        return pa.Table.from_arrays(arrays, schema=self._schema)

    def append(self, table: Any) -> None:
        """Take the next chunk's `table`; what fills a row group is written."""
        self._waiting.append(table)
        self._rows += table.num_rows
        while self._rows >= ROWS_PER_GROUP:
            self._write(ROWS_PER_GROUP)

    def finish(self) -> None:
        if self._rows:
            self._write(self._rows)
        self._writer.close()

    def _write(self, rows: int) -> None:
        """Write the first ``rows`` of those waiting as a row group."""
        waiting = pa.concat_tables(self._waiting)
        # In one piece, because where pages end depends on how a column is cut.
        self._writer.write_table(waiting.slice(0, rows).combine_chunks(), row_group_size=rows)
        rest = waiting.slice(rows)
        self._rows -= rows
        self._waiting = [rest] if self._rows else []


def _array(column: Column, kind: pa.DataType) -> pa.Array:
    if kind == _WORDS:
        return _words(column)
    if kind == _TEXT:
        return _texts(column)
    if pa.types.is_floating(kind):
        values, validity, nulls = floats(column)
        return _numbers(pa.float64(), len(column), values, validity, nulls).cast(kind)
    values, validity, nulls = integers(column)
    return _numbers(pa.int64(), len(column), values, validity, nulls).cast(kind)


def _words(column: Column) -> pa.Array:
    distinct = Distinct(column)
    indices = _numbers(pa.int32(), len(column), distinct.indices, distinct.validity, distinct.nulls)
    return pa.DictionaryArray.from_arrays(indices, _texts(distinct.values))


def _texts(column: Column) -> pa.Array:
    validity, nulls = presence(column)
    if nulls == len(column):
        return pa.nulls(nulls, _TEXT)
    offsets, data = column.buffers()
    raw = pa.Array.from_buffers(
        pa.large_binary(),
        len(column),
        [pa.py_buffer(part) for part in (validity, offsets, data)],
        nulls,
    )
    try:
        return raw.cast(_TEXT)  # checks that it is UTF-8, and copies nothing
    except pa.ArrowInvalid:
        texts = [text and text.decode("utf-8", "replace") for text in raw.to_pylist()]
        return pa.array(texts, _TEXT)


def _numbers(
    kind: pa.DataType, count: int, values: Buffer, validity: Buffer | None = None, nulls: int = 0
) -> pa.Array:
    bitmap = None if validity is None else pa.py_buffer(validity)
    return pa.Array.from_buffers(kind, count, [bitmap, pa.py_buffer(values)], nulls)
