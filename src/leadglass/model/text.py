"""A peer's string becomes harmless here: printable, on one line, of bounded length."""

import unicodedata

MAX_TEXT_LENGTH = 200  # enough for any certificate subject or server header that a person would read
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BRACKETS = {
    "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}


def clean(text: str | bytes, limit: int = MAX_TEXT_LENGTH) -> str:
    """`text` without control, format, private or unassigned characters, at most `limit` characters long.

    Terminal escapes, bidirectional overrides and line breaks become U+FFFD. Angle brackets become single quotation
    marks that point the same way, so that no markup reaches a reader that escapes nothing.
    """
    if isinstance(text, bytes):
        text = text[: 4 * limit].decode("utf-8", "replace")
    shown = text[: limit + 1].strip(" \0")
    if shown.isascii() and shown.isprintable() and "<" not in shown and ">" not in shown:
        plain = shown  # as nearly all of them are
    else:
        plain = "".join(map(_harmless, shown))
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _harmless(c: str) -> str:
    if c in _BRACKETS:
        return _BRACKETS[c]
    return c if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029" else _REPLACEMENT
