"""What an S3 storage answers, in XML."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from urllib.parse import unquote_plus


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says: paths with their sizes and where the list goes on, an upload that began, or an error."""

    keys: dict[str, int] = field(default_factory=dict)
    next: str | None = None
    upload_id: str | None = None
    code: str = ""
    message: str = ""

    @classmethod
    def of(cls, content: bytes) -> "Answer":
        """Read an answer, whichever version of the namespace it is in; one that is no XML says nothing."""
        try:
            root = ET.fromstring(content)  # noqa: S314  expat bounds what entities grow to
        except ET.ParseError:
            return cls()
        texts = {_name(element): element.text or "" for element in root}
        items = [{_name(child): child.text or "" for child in item} for item in root if _name(item) == "Contents"]
        is_quoted = texts.get("EncodingType") == "url"
        sizes = {unquote_plus(item["Key"]) if is_quoted else item["Key"]: _size_of(item) for item in items}
        is_error = _name(root) == "Error"
        return cls(
            keys={key: size for key, size in sizes.items() if not key.endswith("/")},
            next=texts.get("NextContinuationToken") or None,
            upload_id=texts.get("UploadId") or None,
            code=texts.get("Code", "") if is_error else "",
            message=(texts.get("Message") or texts.get("Code", "")) if is_error else "",
        )


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _size_of(item: dict[str, str]) -> int:
    size = item.get("Size", "")
    return int(size) if size.isdecimal() else 0
