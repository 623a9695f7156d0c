"""Files that are what they say, and the many that are not."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from bongsu.people.errors import DeniedError, InvalidError, NotThereError, OutOfStepError
from bongsu.people.models import AuditLine, User
from bongsu.people.roles import Role
from bongsu.responses import actions, files, queries
from bongsu.responses.models import Attachment

Make = Callable[..., Any]
MOST = 20 << 20
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def zipped(*entries: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def office(kind: str, *more: tuple[str, bytes], types: bytes = b"") -> bytes:
    part, word = {
        "docx": ("word/document.xml", "wordprocessingml.document"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    }[kind]
    told = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{word}.main+xml"/></Types>'
    return zipped(("[Content_Types].xml", types or told.encode()), (part, b"<w/>"), *more)


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 20 + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 \0\0\0\0"
HWPX = zipped(("mimetype", b"application/hwp+zip"), ("Contents/section0.xml", b"<x/>"))
HWP = OLE + b"\0" * 600 + "FileHeader".encode("utf-16-le") + b"HWP Document File V5.00"

GOOD = {
    "공고.pdf": (PDF, files.PDF),
    "a.PNG": (png(), files.PNG),
    "a.jpg": (JPEG, files.JPEG),
    "a.jpeg": (JPEG, files.JPEG),
    "a.webp": (WEBP, files.WEBP),
    "표.csv": ("품목,비율\n요소,97\n".encode(), files.TEXT),
    "메모.txt": (b"\xef\xbb\xbf" + "바이트 순서 표시".encode(), files.TEXT),
    "보고.docx": (office("docx"), files.DOCX),
    "표.xlsx": (office("xlsx"), files.XLSX),
    "한글.hwpx": (HWPX, files.HWPX),
    "한글.hwp": (HWP, files.HWP),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_on_the_list_is_taken(name: str) -> None:
    content, kind = GOOD[name]
    assert files.checked(name, content, MOST) == (name, kind)


BOMB = zipped(("word/document.xml", b"\0" * (files.MOST_RATIO * 50_000)))

BAD: dict[str, tuple[str, bytes]] = {
    "empty": ("a.pdf", b""),
    "oversized": ("a.txt", b"a" * (MOST + 1)),
    "a program": ("a.pdf", b"MZ" + b"\0" * 100),
    "an ELF": ("a.txt", b"\x7fELF" + b"\0" * 100),
    "a script": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a page": ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
    "a page after blanks": ("a.txt", b"\n\n  <html onload=x>"),
    "a drawing": ("a.txt", b"<svg onload='alert(1)'/>"),
    "another type's name": ("a.png", PDF),
    "a page named png": ("a.png", b"<html></html>"),
    "no ending": ("a", PDF),
    "a wrong ending": ("a.exe", PDF),
    "two endings": ("a.exe.pdf", PDF),
    "two kinds": ("a.pdf.txt", b"text"),
    "reversed letters": ("a\u202efdp.exe", PDF),
    "an unseen letter": ("a\u200b.pdf", PDF),
    "a line break": ("a\n.pdf", PDF),
    "a NUL": ("a.pdf\0.exe", PDF),
    "a long name": ("a" * 200 + ".pdf", PDF),
    "only an ending": (".pdf", PDF),
    "nothing but dots": ("../..", PDF),
    "not UTF-8": ("a.txt", b"\xb0\xa1\xff\xfe\xff"),
    "control characters": ("a.txt", b"a\x1b[31mb"),
    "a pdf that is an archive too": ("a.pdf", PDF + zipped(("a", b"b"))),
    "a png with a tail": ("a.png", png() + b"PK\x03\x04"),
    "a png cut short": ("a.png", png()[:-4]),
    "a jpeg with a tail": ("a.jpg", JPEG + b"<script>"),
    "a webp with a tail": ("a.webp", WEBP + b"GIF89a"),
    "a pdf without an end": ("a.pdf", b"%PDF-1.4\n" + b"x" * 5000),
    "old office": ("a.hwp", OLE + b"\0" * 600 + b"Word.Document.8"),
    "a zip of anything": ("a.docx", zipped(("a.txt", b"x"))),
    "a zip": ("a.zip", zipped(("a.txt", b"x"))),
    "an xlsx named docx": ("a.docx", office("xlsx")),
    "a macro": ("a.docx", office("docx", ("word/vbaProject.bin", b"x"))),
    "a macro type": ("a.docx", office("docx", types=b"<x>application/vnd.ms-word.document.macroEnabled.main+xml</x>")),
    "a nested archive": ("a.docx", office("docx", ("word/media/a.zip", b"x"))),
    "a nested archive under another name": ("a.docx", office("docx", ("word/media/a.bin", zipped(("a", b"x"))))),
    "an embedded file": ("a.docx", office("docx", ("word/embeddings/oleObject1.bin", b"x"))),
    "a program inside": ("a.docx", office("docx", ("word/media/a.png", b"MZ\x90\0"))),
    "a path outside": ("a.docx", office("docx", ("../../etc/cron.d/x", b"x"))),
    "a path from the root": ("a.docx", office("docx", ("/etc/passwd", b"x"))),
    "a bomb": ("a.docx", BOMB),
    "many entries": ("a.docx", office("docx", *((f"word/{n}.xml", b"") for n in range(files.MOST_ENTRIES)))),
    "cut in the middle": ("a.docx", office("docx")[:-30]),
    "a docx with a tail": ("a.docx", office("docx") + b"<script>alert(1)</script>"),
    "a script inside": ("a.hwpx", zipped(("mimetype", b"application/hwp+zip"), ("Scripts/headerScripts.js", b"x"))),
    "not a zip": ("a.docx", b"PK\x03\x04" + b"\0" * 100),
    "an hwpx that is none": ("a.hwpx", zipped(("mimetype", b"application/epub+zip"))),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_is_refused(what: str) -> None:
    with pytest.raises(InvalidError) as refused:
        files.checked(*BAD[what], MOST)
    assert refused.value.where == "file"


def test_a_bomb_that_understates_its_size_is_not_unpacked() -> None:
    content = bytearray(office("docx", ("word/big.xml", b"\0" * 3_000_000)))
    real = struct.pack("<I", 3_000_000)
    while (at := content.find(real)) >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
    with pytest.raises(InvalidError):
        files.checked("a.docx", bytes(content), MOST)


def test_overlapping_entries_are_bounded_by_what_they_unpack_to() -> None:
    size = 30 << 20
    entries = [(f"word/{n}.xml", b"\0" * size) for n in range(8)]
    with pytest.raises(InvalidError):
        files.checked("a.docx", office("docx", *entries), MOST)


def test_a_list_of_too_many_entries_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = office("docx", *((f"word/{n}.xml", b"") for n in range(files.MOST_ENTRIES)))
    large = bytearray(office("docx"))
    large[-10:-6] = struct.pack("<L", files.MOST_LISTED + 1)
    elsewhere = office("docx")[:-22] + b"PK\x06\x07" + b"\0" * 16 + office("docx")[-22:]
    opened = []
    monkeypatch.setattr(zipfile, "ZipFile", opened.append)
    for content in (many, bytes(large), elsewhere):
        with pytest.raises(InvalidError, match="too large when unpacked"):
            files.checked("a.docx", content, MOST)
    assert opened == []


def test_whoever_may_not_attach_is_told_before_the_file_is_looked_into(
    filed: Make, officer: User, elsewhere: User, centre: User, acting: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    monkeypatch.setattr(files, "checked", lambda *told: looked.append(told))
    report = filed().pk
    for user, refused in ((officer, OutOfStepError), (elsewhere, NotThereError), (centre, DeniedError)):
        with pytest.raises(refused):
            actions.attach(by=acting(user), report=report, name="a.docx", content=b"PK")
    assert looked == []


def test_a_name_is_only_its_last_part() -> None:
    assert files.checked("C:\\Users\\x\\..\\공고 <1>.pdf", PDF, MOST)[0] == "공고 _1_.pdf"
    assert files.checked("../../etc/공고.pdf", PDF, MOST)[0] == "공고.pdf"


@given(content=st.binary(max_size=400), ending=st.sampled_from([one for kind in files.KINDS for one in kind.endings]))
@example(content=b"PK\x05\x06" + b"\0" * 18, ending="docx")
@example(content=b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT", ending="png")
def test_whatever_arrives_is_taken_as_what_it_is_or_refused(content: bytes, ending: str) -> None:
    try:
        name, kind = files.checked(f"a.{ending}", content, MOST)
    except InvalidError:
        return
    assert (name, ending in kind.endings) == (f"a.{ending}", True)


# ---- with a report


@pytest.mark.django_db
def test_a_file_is_kept_under_its_digest_for_its_owner_alone(
    draft: Make, officer: User, acting: Make, settings: Settings
) -> None:
    report = draft()
    made = actions.attach(by=acting(officer), report=report.pk, name="공고.pdf", content=PDF)
    opened = actions.open_file(by=acting(officer), attachment=made.pk)
    assert (opened.path, opened.path.read_bytes()) == (settings.ATTACHMENTS / made.sha256[:2] / made.sha256, PDF)
    assert stat.S_IMODE(opened.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(opened.path.parent.stat().st_mode) == 0o700
    assert (opened.name, opened.media_type, opened.headers["X-Content-Type-Options"]) == (
        *("공고.pdf", "application/pdf"),
        "nosniff",
    )
    assert sorted(path.name for path in Path(settings.ATTACHMENTS).rglob("*") if path.is_file()) == [made.sha256]
    assert AuditLine.objects.last().act == "attachment.read"


@pytest.mark.django_db
def test_the_same_file_is_attached_once_and_a_shared_one_kept_once(draft: Make, officer: User, acting: Make) -> None:
    one, two = draft(), draft()
    facts: dict[str, Any] = {"by": acting(officer), "name": "a.pdf", "content": PDF}
    first = actions.attach(report=one.pk, **facts)
    assert actions.attach(report=one.pk, **facts).pk == first.pk
    second = actions.attach(report=two.pk, **facts)
    actions.detach(by=acting(officer), report=one.pk, attachment=first.pk)
    assert queries.open_attachment(officer.reader, second.pk).path.read_bytes() == PDF
    with pytest.raises(NotThereError):
        queries.open_attachment(officer.reader, first.pk)
    with pytest.raises(NotThereError):
        actions.detach(by=acting(officer), report=one.pk, attachment=first.pk)


@pytest.mark.django_db
def test_files_of_a_report_as_of_a_moment(draft: Make, officer: User, acting: Make) -> None:
    report = draft()
    by = acting(officer)
    made = actions.attach(by=by, report=report.pk, name="a.txt", content=b"a")
    later = acting(officer, at=by.at + timedelta(hours=1))
    actions.detach(by=later, report=report.pk, attachment=made.pk)
    assert queries.attachments(officer.reader, report.pk) == ()
    assert [one.id for one in queries.attachments(officer.reader, report.pk, as_of=by.at)] == [made.pk]


@pytest.mark.django_db
def test_too_many_too_large_too_late(
    draft: Make, officer: User, acting: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = draft()
    monkeypatch.setattr("bongsu.responses.actions.attachments.MOST_FILES", 1)
    actions.attach(by=acting(officer), report=report.pk, name="a.txt", content=b"a")
    with pytest.raises(InvalidError):
        actions.attach(by=acting(officer), report=report.pk, name="b.txt", content=b"b")
    settings.MOST_ATTACHMENT = 10
    with pytest.raises(InvalidError):
        actions.attach(by=acting(officer), report=report.pk, name="c.txt", content=b"c" * 11)
    actions.submit(by=acting(officer), report=report.pk)
    with pytest.raises(OutOfStepError):
        actions.attach(by=acting(officer), report=report.pk, name="a.txt", content=b"a")
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_file_is_there_for_those_who_see_its_report(
    draft: Make, officer: User, elsewhere: User, centre: User, person: Make, acting: Make
) -> None:
    report = draft()
    made = actions.attach(by=acting(officer), report=report.pk, name="a.txt", content=b"a")
    for user in (elsewhere, centre, person(Role.AUDITOR), person(Role.COMPANY)):
        with pytest.raises(NotThereError):
            actions.open_file(by=acting(user), attachment=made.pk)
    with pytest.raises(NotThereError):
        actions.attach(by=acting(elsewhere), report=report.pk, name="b.txt", content=b"b")
    actions.submit(by=acting(officer), report=report.pk)
    assert actions.open_file(by=acting(centre), attachment=made.pk).size == 1
    with pytest.raises(DeniedError):
        actions.attach(by=acting(centre), report=report.pk, name="b.txt", content=b"b")
    with pytest.raises(NotThereError):
        queries.open_attachment(officer.reader, uuid4())


@pytest.mark.django_db
def test_a_file_whose_content_was_cut_on_disk_is_not_served(draft: Make, officer: User, acting: Make) -> None:
    made = actions.attach(by=acting(officer), report=draft().pk, name="a.txt", content=b"abc")
    queries.open_attachment(officer.reader, made.pk).path.write_bytes(b"ab")
    with pytest.raises(NotThereError):
        queries.open_attachment(officer.reader, made.pk)
