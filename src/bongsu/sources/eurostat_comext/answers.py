"""What stands in place of figures: a SOAP fault or a queue number of the API, an archive that we do not unpack."""

from dataclasses import dataclass

from bongsu.language import BadInputError, SourceUnavailableError, Text
from bongsu.records.delivery import Raw
from bongsu.records.formats import parse_xml

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
NOTHING = ("NO_RESULTS", "NO_RECORDS_FOUND")
NOT_READY = ("DATA_NOT_YET_AVAILABLE",)
TOO_BIG = "EXTRACTION_TOO_BIG"
QUEUED = "QUEUED"
SHOWN = 300


class ApiRefusedError(SourceUnavailableError):
    """The API answered with an error."""


@dataclass(frozen=True)
class Refusal:
    """An answer in XML that holds no figures.

    Args:
        kind: one of NOTHING, NOT_READY, TOO_BIG, QUEUED, or the first word of the fault.
        said: the API's own words.
    """

    kind: str
    said: str

    @property
    def nothing(self) -> bool:
        """Does it say that there are no rows?"""
        return self.kind in NOTHING or self.kind in NOT_READY


def refusal(data: bytes, where: str) -> Refusal | None:
    """What an answer in XML says; None where `data` is no XML.

    Raises:
        BadInputError: XML that is broken, or no answer of this API.
    """
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return None
    root = parse_xml(data, where=where)
    texts = {one.tag.rpartition("}")[2].casefold(): (one.text or "").strip() for one in root.iter()}
    if "faultstring" in texts:
        said = texts["faultstring"]
        return Refusal(said.partition(":")[0].strip().upper(), said[:SHOWN])
    if "queued" in texts or texts.get("status", "").upper() in ("SUBMITTED", "PROCESSING", "QUEUED"):
        return Refusal(QUEUED, texts.get("id", ""))
    raise BadInputError(
        Text("Comext API의 응답이 아닙니다.", "this is not an answer of the Comext API."),
        where=where,
        mend=Text("SDMX-CSV 또는 TSV로 다시 받아 주십시오.", "Ask for it again as SDMX-CSV or TSV."),
    )


def refused(said: Refusal, where: str) -> ApiRefusedError:
    """The error for a refusal that is no empty answer."""
    return ApiRefusedError(
        Text(f"유로스탯 API가 거절했습니다: {said.said}", f"Eurostat's API refused: {said.said}"), where=where
    )


def refuse_archive(raw: Raw) -> None:
    """The bulk files come as 7z, which no permissively licensed reader of Python's opens: say how to unpack it."""
    with raw.path.open("rb") as file:
        if file.read(len(SEVEN_ZIP)) != SEVEN_ZIP:
            return
    raise BadInputError(
        Text("7z 압축 파일은 바로 읽지 못합니다.", "a 7z archive cannot be read as it is."),
        where=raw.name,
        mend=Text(
            f"먼저 푼 뒤 그 안의 .dat 파일을 주십시오. Windows와 macOS: tar -xf {raw.name}, 그 밖: bsdtar -xf {raw.name} 또는"
            f" 7z x {raw.name}",
            f"Unpack it first and give the .dat file in it: on Windows and macOS `tar -xf {raw.name}`, elsewhere"
            f" `bsdtar -xf {raw.name}` or `7z x {raw.name}`.",
        ),
    )
