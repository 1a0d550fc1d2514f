"""The files of a result: annotated VCF with index, tables, summary and manifest."""
