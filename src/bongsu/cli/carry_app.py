"""The verbs of `bongsu carry`: thin, as in `app`."""

# ruff: noqa: PLC0415 - `bongsu --help` answers at once; a verb's own imports take a second
# ruff: noqa: D103 - a verb's help is its docstring, in both languages
# ruff: noqa: FBT002 - Typer's flags are booleans

from pathlib import Path
from typing import Annotated

import typer

from bongsu.cli.options import Folder, Json, Lang, at, end
from bongsu.cli.options import say as _

carry = typer.Typer(
    no_args_is_help=True,
    help=_(
        "망이 나뉜 곳에서, 인터넷 쪽 수집기가 받은 것을 서명한 봉투로 안쪽에 옮깁니다.\n\n예: bongsu carry out 봉투.bongsu",
        "Between separated networks: carry what the collector has read to the floor, in signed bundles.\n\n"
        "Example: bongsu carry out bundle.bongsu",
    ),
)


@carry.command(
    "keys",
    help=_(
        "수집기의 열쇠를 만들거나(--trust 없이), 안쪽에서 수집기의 공개 열쇠를 등록합니다.\n\n"
        "예: bongsu carry keys --trust collector.pub",
        "Make the collector's keys (without --trust), or install its public key on the floor.\n\n"
        "Example: bongsu carry keys --trust collector.pub",
    ),
)
def keys(
    trust: Annotated[
        Path | None,
        typer.Option("--trust", help=_("믿을 수집기의 공개 열쇠 파일", "public key of a collector to trust")),
    ] = None,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.carry import keys as run

    end(run(at(lang, lake), trust=trust, as_json_=json))


@carry.command(
    "out",
    help=_(
        "지난 봉투 뒤로 들어온 원본과 기록을 서명한 봉투에 담습니다.\n\n예: bongsu carry out /media/usb/봉투.bongsu --part-size 600",
        "Put what came since the last bundle into a signed one.\n\n"
        "Example: bongsu carry out /media/usb/bundle.bongsu --part-size 600",
    ),
)
def out(
    bundle: Annotated[Path, typer.Argument(help=_("만들 파일", "the file to make"))],
    since: Annotated[
        int | None,
        typer.Option(
            "--since", min=0, help=_("이 순번에서 끝난 봉투 뒤부터 다시", "again, from where that bundle ended")
        ),
    ] = None,
    part_size: Annotated[
        int | None, typer.Option("--part-size", min=1, help=_("한 부분의 메가바이트", "megabytes of a part"))
    ] = None,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.carry import out as run

    end(run(at(lang, lake), bundle, since=since, part_size=part_size, as_json_=json))


@carry.command(
    "in",
    help=_(
        "봉투를 확인하고 들입니다. 부분이 모자라면 알려 주고, 나머지가 오면 이어집니다.\n\n예: bongsu carry in 봉투.bongsu",
        "Check a bundle and take it in. It names what is missing, and goes on when the rest comes.\n\n"
        "Example: bongsu carry in bundle.bongsu",
    ),
)
def in_(
    bundle: Annotated[list[Path], typer.Argument(help=_("봉투 또는 그 부분들", "the bundle, or its parts"))],
    grade: Annotated[
        str,
        typer.Option(
            "--grade", envvar="BONGSU_GRADE", help=_("이 설치의 등급(C·S·O)", "this installation's grade: C, S or O")
        ),
    ] = "S",
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.carry import in_ as run

    end(run(at(lang, lake), bundle, grade=grade, as_json_=json))
