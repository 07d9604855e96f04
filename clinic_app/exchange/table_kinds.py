"""What a file is by what it holds, whatever its name says."""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from clinic_app.errors import ClinicError

_BEGINNINGS = (
    (b"%PDF", "table_is_pdf"),
    (b"\x89PNG", "table_is_picture"),
    (b"\xff\xd8\xff", "table_is_picture"),
    (b"GIF8", "table_is_picture"),
    (b"II*\0", "table_is_picture"),
    (b"MM\0*", "table_is_picture"),
    (b"RIFF", "table_is_picture"),
    (b"{\\rtf", "table_is_other"),
    (b"\x1f\x8b", "table_is_archive"),
    (b"7z\xbc\xaf\x27\x1c", "table_is_archive"),
    (b"Rar!", "table_is_archive"),
    (b"SQLite format 3\0", "table_is_other"),
    (b"\0\1\0\0Standard", "table_is_other"),  # Access
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDER_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08]\0")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s*<(?:(!doctype\s+html|html|head|body|table|meta|style|div)\b|[?!]|[a-z])", re.IGNORECASE)
_JSON = re.compile(rb"\s*[{\[]\s*(?:[\"{\[}]|\d+\s*[,\]])")
_WORKBOOK = "xl/workbook.xml"


def is_workbook(data: bytes) -> bool:
    """Whether this is an XLSX workbook, or False for text. Raises ClinicError that says what else it is."""
    if not data.strip():
        raise ClinicError("table_empty", field="file")
    if data.startswith(b"PK\3\4"):
        _require_workbook(data)
        return True
    if data.startswith(_OLD_OFFICE):
        protected = _PROTECTED in data
        raise ClinicError("table_is_protected" if protected else "table_is_old_excel", field="file")
    if _OLDER_EXCEL.match(data) is not None:
        raise ClinicError("table_is_old_excel", field="file")
    for beginning, code in _BEGINNINGS:
        if data.startswith(beginning):
            raise ClinicError(code, field="file")
    # In whatever encoding: marks of the byte order and zeros between the letters are passed over.
    start = data[:400].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    start = start.replace(b"\0", b"")
    markup = _MARKUP.match(start)
    if markup is not None:
        raise ClinicError("table_is_web_page" if markup[1] else "table_is_xml", field="file")
    if _JSON.match(start) is not None:
        raise ClinicError("table_is_other", field="file")
    return False


def _require_workbook(data: bytes) -> None:
    """Raises ClinicError for a zip archive that is cut off or holds anything but a workbook of XML."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ClinicError("table_damaged", field="file") from error
    if _WORKBOOK in names:
        return
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise ClinicError("table_is_other_spreadsheet", field="file")
    raise ClinicError("table_is_other" if "[content_types].xml" in names else "table_is_archive", field="file")
