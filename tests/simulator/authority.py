"""Certificates for every name: good ones, self-signed ones, and ones that were made out to somebody else."""

from __future__ import annotations

import ssl
from functools import cache

import trustme

__all__ = ["Authority", "authority"]


class Authority:
    """A throw-away authority, and a stranger whom nobody trusts."""

    def __init__(self) -> None:
        self._own, self._stranger = trustme.CA(), trustme.CA()
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}
        self.trusting = ssl.create_default_context()
        self._own.configure_trust(self.trusting)
        self.pem = self._own.cert_pem.bytes().decode()
        """The certificate to trust, for another process."""

    def context(self, name: str, kind: str = "good") -> ssl.SSLContext:
        """Return what a server shows that is asked for `name`; `kind` is `good`, `self-signed` or `wrong-name`."""
        if (name, kind) not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            issuer = self._stranger if kind == "self-signed" else self._own
            issuer.issue_cert("somebody-else.example" if kind == "wrong-name" else name).configure_cert(context)
            self._contexts[name, kind] = context
        return self._contexts[name, kind]


@cache
def authority() -> Authority:
    """The authority of this test run: making one takes longer than most tests."""
    return Authority()
