"""Decode bytes as browsers do: which charset a label means, and what it is when none is named. Pure.

Python knows more codecs by name than the web has charsets (`idna`, `unicode_escape`, `punycode`); only those of the
WHATWG Encoding Standard are used, each under the wider name that browsers read it with.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

__all__ = ["codec_of", "decode_page"]

_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}  # fmt: skip
"""What browsers read instead (Encoding Standard, 4.2)."""
_WEB = frozenset(
    """big5 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 cp932 cp949 euc_jp gb18030
    iso2022_jp iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6
    iso8859-7 iso8859-8 koi8-r koi8-u mac-cyrillic mac-roman utf-16-be utf-16-le utf-8""".split()  # noqa: SIM905  a list is a line a word
)
_LABELS = {
    "cn-big5": "big5", "dos-874": "cp874", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u", "mac-ukrainian": "mac-cyrillic",
    "windows-31j": "cp932", "windows-874": "cp874",
    "windows-949": "cp949", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
"""Labels that Python does not know."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD = 8192  # bytes in which a page names its charset; the Encoding Standard asks for 1024
_SAMPLE = 200  # bytes: where one in four is NUL, a letter has two
_NAMED = re.compile(
    rb"""<meta [^>]{0,200}? charset \s* = \s* ["']? \s* (?P<meta> [\w.:-]{1,40} )
      | <\?xml [^>]{0,80}? encoding \s* = \s* ["'] (?P<xml> [\w.:-]{1,40} )""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
# Linear: bounded runs; the comment ends at the first `-->`, and only the head of a page is searched.


@cache
def codec_of(label: str) -> str | None:
    """Return the codec of a charset's label; None for what is no charset of the web.

    >>> codec_of("ISO-8859-1"), codec_of("x-sjis"), codec_of("idna")
    ('cp1252', 'cp932', None)
    """
    name = label.strip().lower()
    while name.startswith("x-") and not name.startswith("x-mac-"):
        name = name[2:]
    name = _LABELS.get(name.removeprefix("x-"), name.removeprefix("x-"))
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if codec in _WEB else None


def decode_page(data: bytes) -> tuple[str, str]:
    """Return the text of a page and the name of its encoding.

    A byte-order mark decides; else many NUL say UTF-16; else UTF-8 when all of it is valid, or all
    but its end; else what the page names; else UTF-8 when no more letters are damaged than whole; else Windows' cp1252.

    >>> decode_page('<meta charset="windows-1251"><p>Дождь'.encode("cp1251"))[1]
    'cp1251'
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace"), name
    if data[:_SAMPLE].count(b"\0") * 4 > len(data[:_SAMPLE]):
        name = "utf-16-be" if data[:_SAMPLE:2].count(b"\0") > data[1:_SAMPLE:2].count(b"\0") else "utf-16-le"
        return data.decode(name, "replace"), name
    named = _NAMED.search(_COMMENT.sub(b"", data[:_HEAD]))
    codec = codec_of((named["meta"] or named["xml"]).decode("ascii", "replace")) if named else None
    text = None if codec == "iso2022_jp" and b"\x1b$" in data else _utf8(data)
    if text is not None:
        return text, "utf-8"
    if codec and not codec.startswith("utf-"):  # a page that can say `utf-16` in ASCII is none
        return data.decode(codec, "replace"), codec
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - damaged
    codec = "utf-8" if damaged <= whole else "cp1252"
    return data.decode(codec, "replace"), codec


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8 that is valid, but for a letter that the end cuts in two; None for anything else."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return None
        return data[: error.start].decode("utf-8") + "\ufffd"
