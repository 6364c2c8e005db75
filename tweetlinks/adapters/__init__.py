"""Put tweetlinks into other people's engines: a family, one file an engine, imported by whoever has it. Pure.

    arrow    RecordBatch in, RecordBatch out: pyarrow, Polars, DuckDB, pandas, datasets, Dask, Spark, Ray

Each needs an extra, and says which when it is missing. None of them sends anything: links are expanded by a second
step, over the distinct ones.
"""

from __future__ import annotations

__all__: list[str] = []
