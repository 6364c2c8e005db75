"""Other people's engines, each with the real library where it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from simulator import Web, redirect

ID = "780925634837913600"
TWEET = "Rain at the pier, and fog. #rain pic.twitter.com/abcdefghij\n— Ann Bee (@ann_b) September 28, 2016"
ARTICLE = f"The pier was shut on Monday.\n\nThe council warned everybody:\n\n{TWEET}\n\nNobody listened to it.\n"
ONLINE = os.environ | {"TWEETLINKS_OFFLINE": "0"}
LIBRARIES = ("pyarrow", "pyspark", "scrapy", "datatrove", "spacy", "langchain_core", "llama_index")
NAMES = ["arrow", "spark", "scrapy", "datatrove", "spacy", "langchain", "llamaindex"]
pytestmark = pytest.mark.filterwarnings("default")  # their warnings are theirs


@pytest.mark.parametrize("name", NAMES)
def test_without_its_library_an_adapter_says_which_extra_brings_it(name):
    code = f"""
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {LIBRARIES!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
from tweetlinks import MissingExtra
try:
    import tweetlinks.adapters.{name}
except MissingExtra as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert f"tweetlinks[{'arrow' if name == 'spark' else name}]" in said


def test_a_passage_is_what_stands_before_the_tweet_and_the_tweet():
    from tweetlinks import extract
    from tweetlinks.adapters.passages import FAR, passages

    (passage,) = passages(extract(ARTICLE))
    assert passage.text == f"The council warned everybody:\n\n{TWEET}"
    assert ARTICLE[slice(*passage.span)] == passage.text
    assert passage.facts["screen_name"] == "ann_b"
    far = extract(ARTICLE)
    (citation,) = far.citations
    moved = citation._replace(contexts=(citation.contexts[0]._replace(span=(0, 9)),))
    longer = far._replace(text=ARTICLE[:9] + " " * (FAR + len(ARTICLE)) + ARTICLE, citations=(moved,))
    assert next(passages(longer)).facts["citation"] == "c1"


# ---------------------------------------------------------------- LangChain, LlamaIndex


def test_langchain_gets_a_document_a_citation_beside_each_document():
    documents = pytest.importorskip("langchain_core.documents")
    from tweetlinks.adapters.langchain import TweetlinksTransformer

    given = [
        documents.Document(page_content=ARTICLE, metadata={"source": "a"}),
        documents.Document(page_content="\0\0"),
    ]
    whole, tweet, other = TweetlinksTransformer().transform_documents(given)
    assert (whole, other) == tuple(given)
    assert tweet.page_content == f"The council warned everybody:\n\n{TWEET}"
    assert tweet.metadata["source"] == "a"
    assert tweet.metadata["tweetlinks"]["screen_name"] == "ann_b"
    assert ARTICLE[tweet.metadata["start_index"] :].startswith("The council")
    json.dumps(tweet.metadata)
    assert [d.page_content[:3] for d in TweetlinksTransformer(keep=False).transform_documents(given)] == ["The"]


def test_llamaindex_gets_a_node_a_citation_in_a_pipeline():
    schema = pytest.importorskip("llama_index.core.schema")
    from llama_index.core.ingestion import IngestionPipeline

    from tweetlinks.adapters.llamaindex import TweetlinksNodes

    document = schema.Document(text=ARTICLE, metadata={"source": "a"})
    whole, tweet = IngestionPipeline(transformations=[TweetlinksNodes()]).run(documents=[document])
    assert whole.get_content() == ARTICLE
    assert ARTICLE[tweet.start_char_idx : tweet.end_char_idx] == tweet.text
    assert (tweet.metadata["source"], tweet.metadata["tweet_screen_name"]) == ("a", "ann_b")
    assert tweet.relationships[schema.NodeRelationship.PARENT].node_id == whole.node_id


# ---------------------------------------------------------------- spaCy


@pytest.fixture
def nlp():
    spacy = pytest.importorskip("spacy")
    import tweetlinks.adapters.spacy  # noqa: F401  registers the component

    made = spacy.blank("en")
    made.add_pipe("tweetlinks")
    return made


def test_spacy_has_spans_and_dicts(nlp):
    doc = nlp(ARTICLE)
    (span,) = doc.spans["tweets"]
    assert (span.text, span.label_) == (TWEET, "EMBED")
    assert doc._.tweets[0]["screen_name"] == "ann_b"
    assert [link["url"] for link in doc._.tweet_links] == ["https://pic.twitter.com/abcdefghij"]
    glued = nlp("Rain! https://t.co/abcdefghijpic.twitter.com/abcdefghij— Ann (@ann_b) 3 mai 2017 and more")
    assert glued.spans["tweets"][0].text.startswith("Rain!")


def test_spacy_works_in_several_processes_and_in_a_bin(nlp):
    from spacy.tokens import DocBin

    docs = list(nlp.pipe([ARTICLE] * 4, n_process=2, batch_size=2))
    assert [doc._.tweets[0]["screen_name"] for doc in docs] == ["ann_b"] * 4
    (back,) = (
        DocBin(store_user_data=True, docs=docs[:1])
        .from_bytes(DocBin(store_user_data=True, docs=docs[:1]).to_bytes())
        .get_docs(nlp.vocab)
    )
    assert back.spans["tweets"][0].text == TWEET
    assert back._.tweets[0]["screen_name"] == "ann_b"


# ---------------------------------------------------------------- datatrove


@pytest.mark.parametrize("mode", ["annotate", "strip", "mask", "normalise"])
def test_datatrove_annotates_or_changes_before_c4_deletes(mode):
    data = pytest.importorskip("datatrove.data")
    from tweetlinks import mask, normalise, strip
    from tweetlinks.adapters.datatrove import TweetCitations

    step = TweetCitations(mode)
    given = [
        data.Document(text=ARTICLE, id="a"),
        data.Document(text="Nor", id="b"),
        data.Document(text="No.", id="c"),
    ]
    a, b, c = step.run(iter(given))
    wanted = {"annotate": ARTICLE, "strip": strip(ARTICLE).text, "mask": mask(ARTICLE).text}
    assert a.text == wanted.get(mode, normalise(ARTICLE).text)
    assert a.metadata["tweetlinks"]["citations"][0]["screen_name"] == "ann_b"
    assert b.metadata["tweetlinks"] == c.metadata["tweetlinks"] == {"citations": [], "links": []}
    assert step.stats.stats["citations"].total == 1
    json.dumps(a.metadata)
    with pytest.raises(ValueError, match="mode is one of"):
        TweetCitations("delete")


# ---------------------------------------------------------------- Scrapy


SPIDER = """
import json
from dataclasses import dataclass, field

import scrapy
from itemadapter import ItemAdapter
from scrapy.crawler import CrawlerProcess

@dataclass
class Article:
    text: str
    url: str = "https://paper.example/a"
    tweetlinks: dict = field(default_factory=dict)

class Item(scrapy.Item):
    text, url, tweetlinks = scrapy.Field(), scrapy.Field(), scrapy.Field()

class Spider(scrapy.Spider):
    name = "papers"
    start_urls = ["data:,a"]
    def parse(self, response):
        yield {"text": TEXT, "url": response.url}
        yield Article(TEXT)
        yield Item(text=TEXT)
        yield {"text": None}
        yield {"text": "\\0\\0\\0".encode()}

class Dial:
    "Reach the server of the test: the plain port of loopback, by the name of the host."
    def process_request(self, request, spider=None):
        if request.url.startswith("https://t.co/"):
            request.headers["Host"] = "t.co"
            request._set_url(request.url.replace("https://t.co/", f"http://127.0.0.1:{PORT}/"))

found = []
class Keep:
    def process_item(self, item, spider=None):
        found.append(ItemAdapter(item).get("tweetlinks"))
        return item

if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    crawler = process.create_crawler(Spider)
    process.crawl(crawler)
    process.start()
    stats = {k.partition("/")[2]: v for k, v in crawler.stats.get_stats().items() if k.startswith("tweetlinks/")}
    print(json.dumps([found, stats]))
"""


SETTINGS = {
    "ITEM_PIPELINES": {"tweetlinks.adapters.scrapy.TweetlinksPipeline": 300, "__main__.Keep": 400},
    "DOWNLOADER_MIDDLEWARES": {"__main__.Dial": 999},
    "TWEETLINKS_EXPAND": True,
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
}


def crawl(folder, port, environment):
    """Run the spider; return what it found, and its statistics."""
    script = folder / "spider.py"
    script.write_text(f"TEXT, SETTINGS, PORT = {ARTICLE!r}, {SETTINGS!r}, {port}\n" + SPIDER, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_scrapy_expands_through_its_own_downloader(tmp_path):
    pytest.importorskip("scrapy")
    with Web() as web:
        web.on("t.co/abcdefghij", redirect(f"https://twitter.com/ann_b/status/{ID}/photo/1"))
        found, stats = crawl(tmp_path, web.ports["plain"], ONLINE)
        hits = web.hits("t.co/abcdefghij")
    citations = [record["citations"][0] for record in found if record]
    assert [(c["screen_name"], c["tweet_id"]) for c in citations] == [("ann_b", ID)] * 3
    assert hits == 1
    assert stats == {"citations": 3, "links": 3, "expansion/expanded": 3, "unreadable": 1}


def test_scrapy_says_of_a_link_that_nobody_answers_that_it_is_dead(tmp_path):
    pytest.importorskip("scrapy")
    found, stats = crawl(tmp_path, 1, ONLINE)
    assert {record["links"][0]["resolution"]["expansion"] for record in found if record} == {"connect-error"}
    assert stats["expansion/connect-error"] == 3


def test_scrapy_sends_nothing_offline(tmp_path):
    pytest.importorskip("scrapy")
    assert crawl(tmp_path, 1, os.environ | {"TWEETLINKS_OFFLINE": "1"})[1]["expansion/offline"] == 3
