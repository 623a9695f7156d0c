"""What every verb needs: the lake, the language, the home country, the moment. Only here is the environment read."""

import locale
import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import platformdirs
from rich.console import Console

from bongsu.codes.countries import country
from bongsu.codes.zones import zones
from bongsu.items.catalogue import Catalogue, catalogue_for
from bongsu.items.designation import read_designations
from bongsu.language import BadInputError, Language, Text, UsageError
from bongsu.missions import Network, network_for
from bongsu.records.known import end_of_day

if TYPE_CHECKING:
    from bongsu.records.lake import Lake

WIDE = 160  # columns, where the output is no terminal


@dataclass(frozen=True)
class Session:
    """One run of a command."""

    language: Language
    folder: Path
    home: str
    now: datetime
    run_id: str
    out: Console
    err: Console
    engine: str = "duckdb"  # or a Spark master

    @property
    def zone(self) -> str:
        """The home time zone, which says what day it is."""
        return zones().get(self.home, "UTC")

    @property
    def today(self) -> date:
        """The day at home."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def lake(self, threads: int | None = None) -> "Lake":
        """The lake."""
        from bongsu.records.lake import Lake  # noqa: PLC0415 - its engine takes a second to import

        return Lake(self.folder, threads=threads, engine=self.engine)

    def say(self, text: Text) -> str:
        """The text in the user's language."""
        return text.to(self.language)

    def moment(self, as_of: str | None, *, where: str = "--as-of") -> datetime:
        """What `--as-of` means, or the option named `where`: a day means its end in the home zone; an instant is taken as it is; nothing means now.

        Raises:
            UsageError: neither a day nor an instant with its zone, or in the future.
        """
        if as_of is None:
            return self.now
        try:
            moment = self._read_moment(as_of)
        except ValueError:
            raise UsageError(
                Text(f"'{as_of}' 값은 날짜가 아닙니다.", f"'{as_of}' is not a date."),
                where=where,
                mend=Text(
                    "2021-10-13 또는 2021-10-13T09:00+09:00 처럼 쓰십시오.",
                    "Write 2021-10-13 or 2021-10-13T09:00+09:00.",
                ),
            ) from None
        if moment > end_of_day(self.today, self.zone):
            raise UsageError(
                Text(f"{as_of} 시점은 아직 오지 않았습니다.", f"{as_of} has not come yet."),
                where=where,
                mend=Text("오늘까지의 날짜를 주십시오.", "Give a day up to today."),
            )
        return moment

    def _read_moment(self, as_of: str) -> datetime:
        if len(as_of) <= len("2021-10-13"):
            return end_of_day(date.fromisoformat(as_of), self.zone)
        moment = datetime.fromisoformat(as_of)
        at_home = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))
        return at_home.astimezone(UTC)

    def catalogue(self) -> Catalogue:
        """The home's catalogue with its imported designations; Korea's where the home brings none (see `notes`)."""
        found = catalogue_for(self.home)
        if not self.designations.exists():
            return found
        return found.with_designations(read_designations(self.designations, found))

    @property
    def designations(self) -> Path:
        """Where `bongsu items --designations` keeps the imported list."""
        return self.folder / "designations.csv"

    def network(self) -> Network:
        """The home's network; an empty one where the home brings none."""
        return network_for(self.home)

    def notes(self) -> tuple[Text, ...]:
        """What stands in for data that the home country has not brought."""
        if self.catalogue().home == self.home:
            return ()
        return (
            Text(
                f"{self.home}의 품목 목록과 공관망이 없어 한국의 품목 목록을 쓰고, 공관은 비워 둡니다.",
                f"{self.home} has brought no catalogue and no network: Korea's items are used, and no missions are named.",
            ),
        )


def session(*, lang: str | None, lake: Path | None, home: str, environment: Mapping[str, str] = os.environ) -> Session:
    """The session of this process.

    Raises:
        UsageError: an unknown language or country.
    """
    language = chosen_language(lang, environment)
    folder = lake or Path(environment.get("BONGSU_LAKE") or platformdirs.user_data_path("bongsu") / "lake")
    width = None if sys.stdout.isatty() or "COLUMNS" in environment else WIDE
    return Session(
        language=language,
        folder=folder,
        home=country_code(home, "--home"),
        now=_now(environment),
        run_id=uuid.uuid4().hex[:12],
        out=Console(width=width, highlight=False),
        err=Console(stderr=True, highlight=False),
        engine=environment.get("BONGSU_ENGINE") or "duckdb",
    )


def _now(environment: Mapping[str, str]) -> datetime:
    """The clock; BONGSU_NOW sets it for exercises."""
    told = environment.get("BONGSU_NOW")
    try:
        moment = datetime.fromisoformat(told) if told else datetime.now(UTC)
    except ValueError:
        raise UsageError(
            Text(f"'{told}' 값은 시각이 아닙니다.", f"'{told}' is not a moment."),
            where="BONGSU_NOW",
            mend=Text("2021-10-13T09:00+09:00 처럼 쓰십시오.", "Write 2021-10-13T09:00+09:00."),
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def country_code(told: str, where: str) -> str:
    """The ISO alpha-3 code of a country that an option names.

    Raises:
        UsageError: there is no such country.
    """
    try:
        return country(told).alpha3
    except BadInputError as error:
        raise UsageError(error.what, where=where, mend=error.mend) from None


def chosen_language(lang: str | None, environment: Mapping[str, str] = os.environ) -> Language:
    """`--lang`, else BONGSU_LANG, else the locale: Korean where it says so, English otherwise."""
    told = lang or environment.get("BONGSU_LANG")
    if told:
        try:
            return Language(told.lower())
        except ValueError:
            raise UsageError(
                Text(f"'{told}' 말은 쓸 수 없습니다.", f"'{told}' is no language of ours."),
                where="--lang",
                mend=Text("ko 또는 en 을 쓰십시오.", "Use ko or en."),
            ) from None
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    spoken = spoken or (locale.getlocale()[0] or "")
    return Language.KO if spoken.lower().startswith(("ko", "korean")) else Language.EN
