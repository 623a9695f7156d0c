"""Draw the README's pictures from the packaged sample: `python docs/pictures/draw.py`. No outside fonts."""

import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from io import StringIO
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from bongsu.cli.session import Session
from bongsu.cli.watch import run
from bongsu.language import Language
from bongsu.sources.sample.load import load

HERE = Path(__file__).parent
SHOWN_ON = datetime(2026, 11, 22, tzinfo=UTC)
WIDTH = 150
DAY, ITEMS = "2021-10-13", ("urea", "potash", "lng")
CHOSEN = " ".join(f"--item {item}" for item in ITEMS)
CELL = 12.2  # width of one cell in Rich's picture
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK KR', 'D2Coding', monospace"


def main() -> None:
    """Write watch.svg and watch.ko.svg: urea on the day of the notice."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = Console(file=StringIO(), width=WIDTH)
        session = Session(Language.EN, Path(folder) / "lake", "KOR", SHOWN_ON, "picture", quiet, quiet)
        lake = session.lake()
        load(lake, read_at=SHOWN_ON, run_id="picture")
        lake.close()
        draw(session, Language.EN, HERE / "watch.svg", f"bongsu watch --as-of {DAY} {CHOSEN}")
        draw(session, Language.KO, HERE / "watch.ko.svg", f"bongsu watch --as-of {DAY} {CHOSEN} --lang ko")


def draw(session: Session, language: Language, target: Path, title: str) -> None:
    """One command's output as a picture."""
    console = Console(record=True, file=StringIO(), width=WIDTH, force_terminal=True, color_system="truecolor")
    run(
        replace(session, language=language, out=console),
        as_of=DAY,
        items=ITEMS,
        level=None,
        everything=False,
        form="table",
        xlsx=None,
    )
    picture = console.export_svg(title=title, unique_id="bongsu")
    picture = re.sub(r'x="([\d.]+)"([^>]*?) textLength="[\d.]+"([^>]*)>([^<]*)</text>', _placed, picture)
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    target.write_text(
        re.sub(r"font-family: ?Fira Code, ?monospace", f"font-family: {FONTS}", picture), encoding="utf-8"
    )


def _placed(text: re.Match[str]) -> str:
    """Rich counts characters; a Korean one is two cells wide, so each character gets its own place."""
    left, shown = float(text[1]), unescape(text[4])
    places = [left + CELL * cell_len(shown[:at]) for at in range(len(shown))]
    return f'x="{" ".join(f"{place:.1f}" for place in places)}"{text[2]}{text[3]}>{text[4]}</text>'


if __name__ == "__main__":
    main()
