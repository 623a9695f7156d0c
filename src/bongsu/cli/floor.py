"""`bongsu floor init` and `migrate`, and how every verb opens the people's side: folder, keys, settings, database."""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import BongsuError, ExitCode, Text, UsageError

KEYS = ("secret", "audit")


def floor_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the floor keeps its state, as settings have it."""
    return Path(environment.get("BONGSU_FLOOR") or platformdirs.user_data_path("bongsu") / "floor")


def make_keys(folder: Path) -> bool:
    """Make the folder and its keys, for their owner only; False where they stood already."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / "keys.json").exists():
        return False
    write_privately(folder / "keys.json", json.dumps({name: secrets.token_urlsafe(48) for name in KEYS}).encode())
    return True


def write_privately(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on, and whole or not at all."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # 0600 by itself
    with os.fdopen(number, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(file)


def opened(session: Session) -> None:
    """Open the people's side for this process; what the command was told goes before what the environment says.

    Raises:
        UsageError: it is not installed, or has no keys yet.
    """
    os.environ["BONGSU_FLOOR"], os.environ["BONGSU_LAKE"] = str(floor_folder()), str(session.folder)
    os.environ["BONGSU_HOME"] = session.home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bongsu.settings")
    try:
        import django  # noqa: PLC0415 - an extra
        from django.conf import settings  # noqa: PLC0415 - likewise

        from bongsu.people import keys  # noqa: PLC0415 - likewise

        django.setup()
    except ModuleNotFoundError as error:
        raise UsageError(
            Text(
                f"사람 쪽이 설치되어 있지 않습니다({error.name}).",
                f"the people's side is not installed ({error.name}).",
            ),
            mend=Text("pip install 'bongsu[floor]' 로 설치하십시오.", "Install it: pip install 'bongsu[floor]'"),
        ) from None
    if keys.lacking():
        raise UsageError(
            Text("아직 열쇠가 없습니다.", "there are no keys yet."),
            where=str(settings.FLOOR),
            mend=Text("bongsu floor init 을 먼저 실행하십시오.", "Run bongsu floor init first."),
        )


@contextmanager
def answering() -> Iterator[None]:
    """A database that does not answer, or has no tables yet, is told with its mend; never with its address or password.

    Raises:
        BongsuError: it did not.
    """
    from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError  # noqa: PLC0415 - an extra

    try:
        yield
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        lacking = "no such table" in str(error) or "does not exist" in str(error)
        raise (_no_tables() if lacking else _no_answer(error)) from error
    except DatabaseError as error:
        raise _no_answer(error) from error


def _no_tables() -> BongsuError:
    return BongsuError(
        Text("데이터베이스에 표가 없습니다.", "the database has no tables."),
        mend=Text("bongsu floor migrate 를 먼저 실행하십시오.", "Run bongsu floor migrate first."),
    )


def _no_answer(error: Exception) -> BongsuError:
    kind = type(error).__name__
    return BongsuError(
        Text(f"데이터베이스가 답하지 않습니다({kind}).", f"the database does not answer ({kind})."),
        mend=Text(
            "데이터베이스가 떠 있는지, BONGSU_DATABASE_URL 이 맞는지 확인하십시오.",
            "Is it running, and is BONGSU_DATABASE_URL right?",
        ),
    )


def init(session: Session, *, as_json_: bool) -> ExitCode:
    """Make folder and keys."""
    folder = floor_folder()
    made = make_keys(folder)
    if as_json_:
        as_json(session, {"floor": str(folder), "keys_made": made})
    else:
        said = (
            Text("{folder}: 폴더와 열쇠를 만들었습니다.", "{folder}: folder and keys made.")
            if made
            else Text("{folder}: 열쇠가 이미 있어 그대로 둡니다.", "{folder}: the keys are there already, and stay.")
        )
        session.out.print(session.say(said.format(folder=folder)), markup=False, soft_wrap=True)
    return ExitCode.DONE


def migrate(session: Session, *, as_json_: bool) -> ExitCode:
    """Bring the tables to this version."""
    opened(session)
    applied = brought_up()
    if as_json_:
        as_json(session, {"applied": applied})
    else:
        said = Text("표를 맞추었습니다(적용 {n}건).", "The tables are those of this version ({n} steps applied).")
        session.out.print(session.say(said.format(n=len(applied))))
    return ExitCode.DONE


def brought_up() -> list[str]:
    """Migrate; the steps that were applied."""
    from django.core.management import call_command  # noqa: PLC0415 - an extra
    from django.db import connection  # noqa: PLC0415 - likewise
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - likewise

    with answering():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        call_command("migrate", verbosity=0, interactive=False)
    return [f"{one.app_label}.{one.name}" for one, _ in plan]
