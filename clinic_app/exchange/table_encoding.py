"""Bytes of a text file as text, in whatever encoding the program that wrote it used."""

import codecs
import re

from clinic_app.errors import ClinicError

ENCODINGS = (
    "utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "macintosh", "cp850", "windows-1250", "iso-8859-2",
    "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "shift_jis",
    "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""What a person may choose from, and what is found."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = ENCODINGS[7:]
_WESTERN = ("windows-1252", "macintosh", "cp850")
# What Western European languages write beside ASCII. The same byte is another sign in each encoding, and a wrong
# guess soon shows a sign that is not among these.
_EXPECTED = frozenset(
    "ÄÖÜäöüßẞÀÂÆÇÉÈÊËÎÏÔŒÙÛàâæçéèêëîïôœùûÁÍÓÚÑáíóúñÃÕãõÌÒìòÅØåøÝýÐðÞþ\N{NO-BREAK SPACE}¿¡ªº°§€£µ²½±×·«»„“”‘’–—…•™®"
)
_SIGN_IN_WORD = re.compile(r"[^\W\d_][^\w\s’‘·\x00-\x7f\xa0][^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_MANY_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE = 1 << 16


def decoded(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding, the one that is given or else found. No byte is left out or replaced.

    Raises ClinicError where the given encoding does not fit, or where this is no text.
    """
    if encoding:
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError, ValueError) as error:
            raise ClinicError("table_encoding_wrong", field="encoding", encoding=encoding) from error
    else:
        text, encoding = _found(data)
    text = text.removeprefix("\ufeff")
    if len(_INVISIBLE.findall(text[:_SAMPLE])) > 3 + min(len(text), _SAMPLE) // 100:
        raise ClinicError("table_is_other", field="file")
    return text, encoding


def _found(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return _strictly(data, unmarked), unmarked
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        sequences = _MANY_BYTES.sub(b"", data)
        strays = len(_HIGH_BYTE.findall(sequences))
        # As text of one byte a letter every letter of it would be wrong.
        if len(_HIGH_BYTE.findall(data)) - strays > 2 * strays:
            raise ClinicError("table_text_damaged", field="file", line=_line(data, error)) from error
    for encoding in (*_western(data), *_guessed(data), "windows-1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("iso-8859-1"), "iso-8859-1"  # has a sign for every byte


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ClinicError("table_text_damaged", field="file", line=_line(data, error)) from error


def _line(data: bytes, error: UnicodeDecodeError) -> int:
    return data.count(b"\n", 0, error.start) + 1


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark has a zero in nearly every second byte; "" for anything else."""
    sample = data[:_SAMPLE]
    most = 0.4 * len(sample)
    if sample[1::2].count(0) > most:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > most else ""


def _western(data: bytes) -> list[str]:
    """The Western encodings as which the beginning reads like a Western language."""
    return [encoding for encoding in _WESTERN if _reads_western(_lines(data), encoding)]


def _reads_western(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    if not {sign for sign in text if not sign.isascii()} <= _EXPECTED or _SIGN_IN_WORD.search(text) is not None:
        return False
    accented = [word for word in _WORD.findall(text) if not word.isascii()]
    if any(_has_odd_capital(word) for word in accented):
        return False
    # Cyrillic or Greek read as Western: whole words of accents.
    letters = sum(len(word) for word in accented)
    return sum(not sign.isascii() for word in accented for sign in word) <= 0.6 * letters


def _has_odd_capital(word: str) -> bool:
    """MÅller: a capital with an accent within a word that is not in capitals."""
    neighbours = zip(word, word[1:], word[2:] + " ", strict=False)
    return any(
        sign.isupper() and not sign.isascii() and (before.islower() or after.islower())
        for before, sign, after in neighbours
    )


def _guessed(data: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    known = {codecs.lookup(each).name: each for each in _OTHERS}
    best = from_bytes(_lines(data), cp_isolation=list(known)).best()
    return [] if best is None else [known[codecs.lookup(best.encoding).name]]


def _lines(data: bytes) -> bytes:
    """Whole lines from the beginning, those with anything but ASCII first where there are more than a few."""
    if len(data) <= _SAMPLE:
        return data
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)
