"""Extraction touches nothing: no file, socket or database, once the tables are read."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from tweetlinks import extract

text = sys.stdin.read()
first = extract(text)  # reads the tables, compiles the patterns
touched = []

def audit(event, arguments):
    if event == "open" or event.startswith(("socket.", "sqlite3.", "subprocess.", "os.", "urllib.", "ctypes.")):
        touched.append((event, arguments))
        raise PermissionError(event)

sys.addaudithook(audit)
again = extract(text)
assert again == first and again.citations, again
assert any((c.text or "").startswith("Fog") for c in extract(text.replace("Rain", "Fog")).citations)
try:
    open("/dev/null")
except PermissionError:
    touched.pop()
else:
    raise AssertionError("the hook does not hear")
print(len(again.citations), touched)
"""

TEXT = """She tweeted on Monday that it rained.
Rain at the pier https://t.co/Aa1Bb2Cc3Dpic.twitter.com/Dd4Ee5Ff6G
— Nora Quill (@noraquill) 3 mai 2017
https://twitter.com/noraquill/status/1124000000000000000
港は霧です #港 pic.twitter.com/Aa1Bb2Cc3D
— 白猫 (@shironeko_77) 2015, 9月 13
See https://bit.ly/pier and https://l.facebook.com/l.php?u=https%3A%2F%2Fpier.example for more.
"""


def test_extraction_opens_no_file_socket_or_database(environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=TEXT,
        capture_output=True,
        check=False,
        env=environment,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "4 []"), done.stderr
