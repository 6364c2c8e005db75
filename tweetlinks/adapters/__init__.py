"""Put tweetlinks into other people's engines: a family, one file an engine, imported by whoever has it. Pure.

    arrow        RecordBatch in, RecordBatch out: pyarrow, Polars, DuckDB, pandas, datasets, Dask, Ray
    spark        a job, and functions over DataFrames: citations, distinct links, what became of them
    scrapy       an item pipeline; links are expanded through Scrapy's own downloader
    datatrove    a step that annotates, strips, masks or normalises
    spacy        a component: spans, and dicts in extensions
    langchain, llamaindex
                 one document or node a citation, with the passage that it serves

    passages, cleaning
                 what these build on, and everybody may: passages of citations; texts without, or with marked tweets

Each engine needs an extra of its name, and says so when it is missing. Only `spark` and `scrapy` send anything, and
only where told to: links are expanded by a step of its own, over the distinct ones.
"""

from __future__ import annotations

__all__: list[str] = []
