"""The trail is attacked as somebody with the database's password would: by raw SQL, past the models."""
# ruff: noqa: S608 - the attacker writes SQL

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, assume, given, reject
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bongsu.people.anchors import anchor, anchors_in, is_torn
from bongsu.people.audit import SEALED, write_line
from bongsu.people.models import AuditHead, AuditLine
from bongsu.people.reader import task
from bongsu.people.verify import MOST_FAULTS, verify

pytestmark = pytest.mark.django_db

KEY = b"another key for tests"
LINES = 12
many = hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def trail(moment: datetime, tmp_path: Path) -> Path:
    """Twelve lines, anchored after the fourth, the eighth and the last; the anchors' file."""
    file = tmp_path / "elsewhere" / "anchors.jsonl"
    for number in range(1, LINES + 1):
        at = moment + timedelta(minutes=number, microseconds=number % 3)
        write_line(task(at), "시험.done", "test", number, level=number, share=0.5, name="요소 “urea”")
        if number % 4 == 0:
            assert anchor(file, KEY, at) is not None
    return file


def sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def found(attack: Callable[[], object], file: Path) -> tuple[object, ...]:
    """What `verify` says after the attack, which is taken back; an attack that the database refuses is no case."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                attack()
        except IntegrityError:
            reject()
        faults = verify(KEY, file)
        transaction.set_rollback(True)
    return faults


def test_a_trail_that_nobody_touched_is_whole(trail: Path) -> None:
    assert verify(KEY, trail) == ()
    assert [one and (one.number, one.seq) for one in anchors_in(trail)] == [(1, 4), (2, 8), (3, 12)]


def test_no_trail_is_whole(tmp_path: Path) -> None:
    assert verify(KEY, tmp_path / "none") == ()
    assert anchor(tmp_path / "none", KEY, AuditLine.at.field.to_python("2026-11-22T00:00Z")) is None


def test_a_head_that_stands_still_is_anchored_once(trail: Path, moment: datetime) -> None:
    assert anchor(trail, KEY, moment) is None
    assert len(list(anchors_in(trail))) == 3


def test_another_key_fits_no_line(trail: Path) -> None:
    assert {fault.seq for fault in verify(b"a guess", trail)} == set(range(1, LINES + 1))


@many
@given(data=st.data())
def test_any_byte_of_any_column_of_any_line_that_is_edited_is_found(trail: Path, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from((*SEALED, "mac")))
    seq = data.draw(st.integers(1, LINES))
    edit = edit_bytes if connection.vendor == "sqlite" else edit_value
    assert found(lambda: edit(data, column, seq), trail)


def edit_bytes(data: st.DataObject, column: str, seq: int) -> None:
    before = stored(column, seq)
    place, width = data.draw(st.integers(0, len(before))), data.draw(st.integers(0, 1))
    put = data.draw(st.binary(max_size=1))
    after = before[:place] + put + before[place + width :]
    sql(f"UPDATE people_auditline SET {column} = CAST(%s AS TEXT) WHERE seq = %s", after, seq)
    assume(column == "seq" or stored(column, seq) != before)  # a number that is spelt otherwise is the same number
    assume(column != "seq" or after != before)


def stored(column: str, seq: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({column} AS BLOB) FROM people_auditline WHERE seq = %s", [seq])
        return bytes(cursor.fetchone()[0] or b"")


def edit_value(data: st.DataObject, column: str, seq: int) -> None:
    line = AuditLine.objects.get(seq=seq)
    before = getattr(line, column)
    if column in {"seq", "actor"}:
        after: object = data.draw(st.integers(0, 10**6).filter(lambda one: one != before and not 1 <= one <= LINES))
    elif column == "at":
        after = before + timedelta(microseconds=data.draw(st.integers(1, 10**6)))
    else:
        place = data.draw(st.integers(0, max(0, len(before) - 1)))
        other = data.draw(
            st.characters(min_codepoint=32, max_codepoint=0x3000).filter(lambda one: one != before[place : place + 1])
        )
        after = before[:place] + other + before[place + 1 :]
    sql(f"UPDATE people_auditline SET {column} = %s WHERE seq = %s", after, seq)


@many
@given(gone=st.sets(st.integers(1, LINES), min_size=1))
def test_any_lines_that_are_taken_out_are_found(trail: Path, gone: set[int]) -> None:
    marks = ", ".join(["%s"] * len(gone))
    assert found(lambda: sql(f"DELETE FROM people_auditline WHERE seq IN ({marks})", *gone), trail)


@given(left=st.integers(0, LINES - 1))
@many
def test_a_tail_that_is_cut_is_found_though_the_head_is_set_back_with_it(trail: Path, left: int) -> None:
    assert found(lambda: cut(left), trail)


def cut(left: int) -> None:
    """What somebody can do who holds the database, and neither the key nor the anchors."""
    sql("DELETE FROM people_auditline WHERE seq > %s", left)
    last = AuditLine.objects.filter(seq=left).first()
    sql("UPDATE people_audithead SET seq = %s, mac = %s", left, last.mac if last else "")


def test_a_trail_that_is_cut_and_went_on_is_found(trail: Path, moment: datetime) -> None:
    cut(6)
    for number in range(10):
        write_line(task(moment), "test.done", "test", number)
    assert {fault.seq for fault in verify(KEY, trail)} == {8, 12}
    assert anchor(trail, KEY, moment) is not None
    assert {fault.seq for fault in verify(KEY, trail)} == {8, 12}


def test_lines_put_in_doubled_or_moved_are_found(trail: Path) -> None:
    copied = "seq, at, actor, role, address, via, act, kind, ref, why, facts, mac"
    columns = copied.replace("seq", "13", 1)
    insert = f"INSERT INTO people_auditline ({copied}) SELECT {columns} FROM people_auditline WHERE seq = 12"
    assert found(lambda: sql(insert), trail)
    assert found(lambda: [sql(insert), sql("UPDATE people_audithead SET seq = 13")], trail)

    def swap() -> None:
        for old, new in ((5, 99), (6, 5), (99, 6)):
            sql("UPDATE people_auditline SET seq = %s WHERE seq = %s", new, old)

    assert found(swap, trail)


@pytest.mark.parametrize(
    "change",
    [
        "seq = seq - 1",
        "seq = seq + 1",
        "mac = 'f' || substr(mac, 2, 62) || '_'",
        "anchors = 2",
        "anchors = 9",
        "id = 2",
    ],
)
def test_a_head_that_is_edited_is_found(trail: Path, change: str) -> None:
    assert found(lambda: sql(f"UPDATE people_audithead SET {change}"), trail)


def test_a_head_that_is_gone_is_found(trail: Path) -> None:
    assert found(lambda: sql("DELETE FROM people_audithead"), trail)


# ---- the anchors' own file


@given(data=st.data())
@many
def test_any_byte_of_the_anchors_that_is_edited_is_found(trail: Path, data: st.DataObject) -> None:
    whole = trail.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != whole[place]))
    trail.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
    faults = verify(KEY, trail)
    trail.write_bytes(whole)
    assert faults


@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}])
def test_anchors_that_are_taken_out_are_found_and_stay_found(trail: Path, gone: set[int], moment: datetime) -> None:
    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join(line for number, line in enumerate(lines) if number not in gone))
    assert verify(KEY, trail)
    write_line(task(moment), "test.done", "test")
    added = anchor(trail, KEY, moment)
    assert added is not None
    assert added.number == 4
    assert verify(KEY, trail)


def test_anchors_that_are_gone_with_their_file_are_found(trail: Path) -> None:
    trail.unlink()
    assert verify(KEY, trail)


def test_an_anchor_that_is_forged_or_played_again_is_found(trail: Path) -> None:
    whole = trail.read_bytes()
    first, *_, last = whole.splitlines(keepends=True)
    forged = json.dumps({**json.loads(last), "number": 4}, separators=(",", ":")).encode() + b"\n"
    for added in (first, last, forged):
        trail.write_bytes(whole + added)
        assert verify(KEY, trail)


def test_a_line_torn_by_a_power_cut_is_told_and_hurts_nothing(trail: Path, moment: datetime) -> None:
    with trail.open("ab") as stream:
        stream.write(b'{"number":4,"seq":1')
    assert is_torn(trail)
    assert verify(KEY, trail) == ()
    write_line(task(moment), "test.done", "test")
    assert anchor(trail, KEY, moment) is not None
    assert not is_torn(trail)
    assert verify(KEY, trail) == ()
    assert [one and one.number for one in anchors_in(trail)] == [1, 2, 3, None, 4]


def test_a_power_cut_between_the_file_and_the_database_hurts_nothing(trail: Path, moment: datetime) -> None:
    write_line(task(moment), "test.done", "test")
    before = AuditHead.objects.values().get()
    anchor(trail, KEY, moment)
    AuditHead.objects.update(anchors=before["anchors"], anchor=before["anchor"])
    assert verify(KEY, trail) == ()
    assert anchor(trail, KEY, moment) is None
    write_line(task(moment), "test.done", "test")
    assert anchor(trail, KEY, moment) is not None
    assert verify(KEY, trail) == ()


def test_a_trail_in_ruins_is_told_of_in_bounds(moment: datetime, tmp_path: Path) -> None:
    line = write_line(task(moment), "test.done", "test")
    AuditLine.objects.bulk_create(
        AuditLine(seq=seq, at=moment, via="web", act="x", kind="x", mac=line.mac) for seq in range(2, MOST_FAULTS + 9)
    )
    assert len(verify(KEY, tmp_path / "none")) == MOST_FAULTS


def test_hostile_text_is_kept_as_every_database_can_keep_it(
    acting: Callable[..., Any], person: Callable[..., Any], tmp_path: Path
) -> None:
    by = acting(person("centre"), why="nul \0 and half \ud800", address="x" * 99)
    line = write_line(by, "test.done", "test", "r" * 99, nul="\0", half="\ud800", huge=10.0**300, naught=float("nan"))
    assert (line.why, len(line.address), len(line.ref)) == ("nul � and half ?", 45, 64)
    assert verify(KEY, tmp_path / "none") == ()
