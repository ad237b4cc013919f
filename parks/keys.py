"""Keys of rows as an address or a form sends them: text that may be anything."""

#: A whole number of more digits may not fit a column of the database.
MOST_DIGITS = 18


def as_key(value) -> int | None:
    """The key that ``value`` (a text, a number, a row) stands for; None where it is none."""
    text = str(getattr(value, "pk", value) or "")
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def as_keys(values) -> list[int]:
    """Those of ``values`` that are keys, each once, in their order."""
    return [key for key in dict.fromkeys(map(as_key, values)) if key is not None]
