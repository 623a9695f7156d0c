"""The verbs of the people's side (`bongsu[floor]`): thin, as in `app`, and each with imports that wait until it is chosen."""

# ruff: noqa: PLC0415 - `bongsu --help` answers at once; a verb's own imports take a second
# ruff: noqa: FBT002 - Typer's flags are booleans
# ruff: noqa: D103 - a verb's help is its docstring, in both languages
# ruff: noqa: PLR0917 - its options are the interface

from pathlib import Path
from typing import Annotated

import typer

from bongsu.cli.carry_app import carry
from bongsu.cli.options import Folder, Home, Json, Lang, at, end
from bongsu.cli.options import say as _

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=_("웹의 포트", "port of the web"))]
NoFetch = Annotated[bool, typer.Option("--no-fetch", help=_("출처에서 받지 않음", "fetch nothing from sources"))]
Every = Annotated[
    int, typer.Option("--every", min=1, help=_("몇 분마다 감시할지", "minutes from one watch to the next"))
]

floor = typer.Typer(
    no_args_is_help=True,
    help=_(
        "사람 쪽(계정·조기경보 건·화면)을 준비하고 돌립니다.\n\n예: bongsu floor check",
        "Prepare and run the people's side: accounts, alerts, screens.\n\nExample: bongsu floor check",
    ),
)
audit = typer.Typer(
    no_args_is_help=True,
    help=_(
        "감사 기록을 검증하고 마지막 줄을 밖에 남깁니다.\n\n예: bongsu audit verify",
        "Verify the audit trail, and note its last line outside the database.\n\nExample: bongsu audit verify",
    ),
)


def add_to(app: typer.Typer) -> None:
    """Add the verbs to `app`."""
    app.command(help=UP)(up)
    app.add_typer(floor, name="floor")
    app.add_typer(audit, name="audit")
    app.add_typer(carry, name="carry")
    app.command(help=BACKUP)(backup)
    app.command(help=RESTORE)(restore)


UP = _(
    "이 컴퓨터 한 대로 모두 돌립니다: 웹 화면, 감시, 기록. 처음이면 첫 사용자를 만드는 주소를 보여 줍니다.\n\n예: bongsu up --port 8000",
    "Run everything on this computer: screens, watch, records. The first time it shows the address that makes the first "
    "user.\n\nExample: bongsu up --port 8000",
)


def up(
    port: Port = 8000,
    every: Every = 30,
    no_fetch: NoFetch = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.up import run

    end(run(at(lang, lake, home), port=port, every=every, fetch=not no_fetch))


# ---- bongsu floor


@floor.command(
    "init",
    help=_(
        "사람 쪽 폴더와 열쇠를 만듭니다(주인만 읽을 수 있게). 이미 있는 것은 그대로 둡니다.\n\n예: bongsu floor init",
        "Make the floor's folder and keys, readable by their owner only. What is there stays.\n\nExample: bongsu floor init",
    ),
)
def floor_init(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.floor import init

    end(init(at(lang, lake), as_json_=json))


@floor.command(
    "migrate",
    help=_(
        "데이터베이스의 표를 이 판에 맞춥니다.\n\n예: bongsu floor migrate",
        "Bring the database's tables to this version.\n\nExample: bongsu floor migrate",
    ),
)
def floor_migrate(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.floor import migrate

    end(migrate(at(lang, lake), as_json_=json))


@floor.command(
    "first",
    help=_(
        "첫 사용자를 만드는 일회용 주소를 냅니다. 사용자가 이미 있으면 내지 않습니다.\n\n예: bongsu floor first --address https://bongsu.example",
        "Give the link that makes the first user, once; none where there are users.\n\n"
        "Example: bongsu floor first --address https://bongsu.example",
    ),
)
def floor_first(
    address: Annotated[
        str, typer.Option("--address", help=_("브라우저에 치는 주소", "the address as a browser takes it"))
    ] = "http://127.0.0.1:8000",
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.up import first

    end(first(at(lang, lake), address, as_json_=json))


@floor.command(
    "web",
    help=_(
        "웹 화면과 API를 엽니다.\n\n예: bongsu floor web --port 8000 --workers 2",
        "Serve the screens and the API.\n\nExample: bongsu floor web --port 8000 --workers 2",
    ),
)
def floor_web(
    port: Port = 8000,
    host: Annotated[str, typer.Option("--host", help=_("들을 주소", "address to listen on"))] = "127.0.0.1",
    workers: Annotated[int, typer.Option("--workers", min=1, help=_("프로세스 수", "processes"))] = 2,
    threads: Annotated[int, typer.Option("--threads", min=1, help=_("프로세스마다 스레드", "threads in each"))] = 8,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.web import Listen, run

    end(run(at(lang, lake, home), Listen(host, port, workers, threads)))


@floor.command(
    "work",
    help=_(
        "때가 된 일을 맡아 합니다: 받기와 감시, 승급, 재촉, 감사 기록의 사본. 여럿을 띄워도 한 일은 하나만 합니다.\n\n"
        "예: bongsu floor work --every 30",
        "Do what is due: fetch and watch, escalate, remind, anchor the audit trail. Of many workers one does each job.\n\n"
        "Example: bongsu floor work --every 30",
    ),
)
def floor_work(
    every: Every = 30,
    no_fetch: NoFetch = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.work import run

    end(run(at(lang, lake, home), every=every, fetch=not no_fetch))


@floor.command(
    "once",
    help=_(
        "한 번 받고 감시하여 조기경보 건을 만들고 끝냅니다.\n\n예: bongsu floor once --no-fetch --json",
        "Fetch, watch and raise alerts once, and end.\n\nExample: bongsu floor once --no-fetch --json",
    ),
)
def floor_once(
    no_fetch: NoFetch = False,
    home: Home = "KOR",
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.work import once

    end(once(at(lang, lake, home), fetch=not no_fetch, as_json_=json))


@floor.command(
    "check",
    help=_(
        "사람 쪽을 점검합니다: 폴더, 열쇠, 데이터베이스, 표, 감사 기록, 일꾼.\n\n예: bongsu floor check --json",
        "Check the people's side: folder, keys, database, tables, audit trail, worker.\n\nExample: bongsu floor check --json",
    ),
)
def floor_check(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.floor_check import run

    end(run(at(lang, lake), as_json_=json))


# ---- bongsu audit


@audit.command(
    "verify",
    help=_(
        "감사 기록이 온전한지 봅니다. 끝난 코드: 0 온전함, 3 흠이 있음(어디인지 보입니다).\n\n예: bongsu audit verify --json",
        "Is the audit trail whole? Exit codes: 0 whole, 3 faults, each of them named.\n\nExample: bongsu audit verify --json",
    ),
)
def audit_verify(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.audit import verify

    end(verify(at(lang, lake), as_json_=json))


@audit.command(
    "anchor",
    help=_(
        "감사 기록의 마지막 줄을 데이터베이스 밖 파일에 남깁니다.\n\n예: bongsu audit anchor",
        "Note the trail's last line in a file outside the database.\n\nExample: bongsu audit anchor",
    ),
)
def audit_anchor(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.audit import anchor

    end(anchor(at(lang, lake), as_json_=json))


# ---- backup and restore

BACKUP = _(
    "데이터베이스, 첨부, 감사 사본, 기록 저장소를 파일 하나로 묶습니다.\n\n예: bongsu backup 봉수-2026-11-25.zip",
    "Put database, attachments, anchors and lake into one file.\n\nExample: bongsu backup bongsu-2026-11-25.zip",
)
RESTORE = _(
    "묶음에서 되살립니다. 비어 있는 곳에만, 모두 아니면 아무것도.\n\n예: bongsu restore 봉수-2026-11-25.zip",
    "Bring a backup back: only where nothing stands yet, and whole or not at all.\n\nExample: bongsu restore bongsu-2026-11-25.zip",
)
File = Annotated[Path, typer.Argument(metavar="FILE", help=_("묶음 파일", "the backup's file"))]


def backup(
    file: File,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help=_("열쇠도 넣음(따로 잘 보관할 것)", "the keys too: then guard the file"))
    ] = False,
    without_lake: Annotated[
        bool, typer.Option("--without-lake", help=_("기록 저장소는 뺌", "leave the lake out"))
    ] = False,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.backup import run

    end(run(at(lang, lake), file, keys=with_keys, lake=not without_lake, as_json_=json))


def restore(
    file: File,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified",
            help=_("열쇠를 잃었을 때: 검증하지 않고 되살림", "where the keys are lost: restore it unverified"),
        ),
    ] = False,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.restore import run

    end(run(at(lang, lake), file, unverified=unverified, as_json_=json))
