"""Make classes of named fields: `typing.NamedTuple` without the start-up cost of `typing`. Pure.

    class Point(Record):
        x: int
        y: int = 0

The same class comes out of it, a `collections.namedtuple` with defaults and methods; a type checker is told that it is
`typing.NamedTuple` itself. `import typing` and its look at every annotation cost 9 ms of a start that may take 36
(`python tests/benchmarks/startup.py`), so no module on the way of `tweetlinks extract` imports `typing` when it runs.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from typing import NamedTuple as Record
else:

    def _changer(made: type) -> Callable[..., Any]:
        """Return `_replace` in the time of the changes: that of `namedtuple` takes the time of all fields."""
        places, new = {name: n for n, name in enumerate(made._fields)}, tuple.__new__

        def _replace(self: Any, /, **changes: Any) -> Any:
            values = list(self)
            try:
                for name, value in changes.items():
                    values[places[name]] = value
            except KeyError as error:
                message = f"no field of {made.__name__}: {error}"
                raise ValueError(message) from None
            return new(made, values)

        return _replace

    class _Fields(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024
            made._replace = _changer(made)
            for key, value in body.items():
                setattr(made, key, value)
            return made

    class Record(metaclass=_Fields):
        """The base to inherit from; the class made has no other base than `tuple`."""


__all__ = ["Record"]
