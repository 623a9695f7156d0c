"""The verbs of `bongsu`: thin, each handing over to its own module. Heavy imports wait until a verb is chosen."""

# ruff: noqa: PLC0415 - `bongsu --help` answers at once; a verb's own imports take a second
# ruff: noqa: FBT002 - Typer's flags are booleans

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from bongsu.cli.floor_app import add_to
from bongsu.cli.options import AsOf, Csv, Folder, Home, Json, Lang, Xlsx, at, end, form_of, spoken
from bongsu.cli.options import say as _
from bongsu.cli.typer_words import speak_korean, told
from bongsu.language import BongsuError, ExitCode, Language, Text

app = typer.Typer(
    name="bongsu",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "봉수: 해외의 사실이 우리에게 무엇을 뜻하는지 1분 안에 알려 줍니다.\n\n처음이라면: [bold]bongsu tour[/bold]",
        "Bongsu turns a fact abroad into its meaning at home, in a minute.\n\nNew here? [bold]bongsu tour[/bold]",
    ),
)


@app.callback()
def bongsu(lang: Lang = None) -> None:
    del lang  # read by `told_language`, so that it may stand before the verb or after it


@app.command(
    help=_(
        "위험한 품목을 이유, 증거의 나이, 확인할 공관·부처와 함께 보입니다.\n\n"
        "예: bongsu watch --as-of 2021-10-13 --item urea",
        "Items in danger: why, how old each figure is, which mission and ministry to ask.\n\n"
        "Example: bongsu watch --as-of 2021-10-13 --item urea",
    )
)
def watch(
    as_of: AsOf = None,
    item: Annotated[
        list[str] | None, typer.Option("--item", help=_("이 품목만 (여러 번)", "only this item (repeatable)"))
    ] = None,
    level: Annotated[
        int | None, typer.Option("--level", help=_("이 거수 이상만 (1–5)", "at least so many fires (1–5)"))
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("평온·판단 불가도 모두", "calm and unknown items too"))] = False,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget",
            help=_(
                "한 주에 읽을 수 있는 3거 이상 경보 수(품목 4,000개 기준, 기본 10)",
                "alarms read a week at 3 fires or more, over 4,000 items (10)",
            ),
        ),
    ] = None,
    json: Json = False,
    csv: Csv = False,
    xlsx: Xlsx = None,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.watch import run

    form = form_of(as_json=json, as_csv=csv)
    here, wanted = at(lang, lake, home), item or ()
    end(run(here, as_of=as_of, items=wanted, level=level, everything=all_, form=form, xlsx=xlsx, budget=budget))


@app.command(
    help=_(
        "사례와 조용한 계열로 규칙들을 그때 알려진 자료만으로 되돌려 채점합니다.\n\n"
        "예: bongsu backtest --cases cases.csv --quiet quiet.csv --report out.html",
        "Judge the rules on cases and quiet series, on data as it was known at the time.\n\n"
        "Example: bongsu backtest --cases cases.csv --quiet quiet.csv --report out.html",
    )
)
def backtest(
    cases: Annotated[Path, typer.Option("--cases", help=_("사례 파일(CSV)", "file of cases (CSV)"))],
    quiet: Annotated[
        Path | None, typer.Option("--quiet", help=_("오경보를 셀 조용한 계열(CSV)", "file of quiet series (CSV)"))
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help=_("오경보를 세는 첫 날이나 달", "first day or month of false alarms"))
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help=_("오경보를 세는 마지막 날이나 달", "last day or month of false alarms"))
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", help=_("이 규칙만 (쉼표로)", "only these rules (by commas)"))
    ] = None,
    fused: Annotated[
        bool, typer.Option("--fused", help=_("모든 품목의 2015–2024년 융합도", "all items' fusion of 2015–2024 too"))
    ] = False,
    record: Annotated[
        Path | None, typer.Option("--record", help=_("거수별 기록을 이 파일로", "the record by level into this file"))
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help=_("보고서(HTML)", "report (HTML)"))] = None,
    json: Json = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.backtest import Asked, run

    asked = Asked(cases, quiet, from_, to, rules, fused, record, report)
    end(run(at(lang, lake, home), asked, as_json_=json))


@app.command(
    help=_(
        "감시를 지난 날들로 되돌려 하루씩 걷고, 달라진 날만 보입니다.\n\n"
        "예: bongsu replay --from 2021-06-01 --to 2021-12-01 --item urea",
        "Walk the watch through past days, showing only those on which something changes.\n\n"
        "Example: bongsu replay --from 2021-06-01 --to 2021-12-01 --item urea",
    )
)
def replay(
    from_: Annotated[str, typer.Option("--from", help=_("첫 날", "first day"))],
    to: Annotated[str, typer.Option("--to", help=_("마지막 날", "last day"))],
    item: Annotated[
        list[str] | None, typer.Option("--item", help=_("이 품목만 (여러 번)", "only this item (repeatable)"))
    ] = None,
    speed: Annotated[
        float, typer.Option("--speed", help=_("1초에 며칠 (0: 쉬지 않음)", "days a second (0: without a pause)"))
    ] = 0.0,
    json: Json = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.replay import run

    end(run(at(lang, lake, home), first=from_, last=to, items=tuple(item or ()), speed=speed, as_json_=json))


@app.command(
    help=_(
        "판단이나 기록을 원본 바이트·해시·주소까지 거슬러 보입니다.\n\n예: bongsu explain urea@2021-10-13",
        "Walk a warning or a record back to bytes, hash and URL.\n\nExample: bongsu explain urea@2021-10-13",
    )
)
def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help=_("품목@날짜, 기록 이름, 또는 원본 해시", "item@day, a record's name, or a raw hash")
        ),
    ],
    as_of: AsOf = None,
    json: Json = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.explain import run

    end(run(at(lang, lake, home), name, as_of=as_of, as_json_=json))


@app.command(
    help=_(
        "외국 공고를 읽어 우리에게 무엇을 뜻하는지 알려 줍니다.\n\n예: bongsu read notice.html",
        "Read a foreign notice and say what it means at home.\n\nExample: bongsu read notice.html",
    )
)
def read(
    place: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL|-", help=_("파일, 주소, 또는 - (표준 입력)", "file, address, or - (standard input)")
        ),
    ],
    country: Annotated[
        str | None, typer.Option("--country", help=_("공고한 나라", "the country that issued it"))
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.read import run

    end(run(at(lang, lake, home), place, country=country, as_of=as_of, as_json_=json))


@app.command(
    help=_(
        "자료를 기록 저장소에 넣습니다.\n\n"
        "예: bongsu fetch worldbank_pinksheet --from CMO-Historical-Data-Monthly.xlsx\n\n"
        "예: bongsu fetch flows_table --from 우리세관.csv --mapping 우리세관.yml --published 2026-11-15",
        "Bring a source's figures into the lake.\n\n"
        "Example: bongsu fetch worldbank_pinksheet --from CMO-Historical-Data-Monthly.xlsx\n\n"
        "Example: bongsu fetch flows_table --from ours.csv --mapping ours.yml --published 2026-11-15",
    )
)
def fetch(
    source: Annotated[
        str, typer.Argument(help=_("출처 (bongsu records 에 목록)", "source (listed by bongsu records)"))
    ],
    from_: Annotated[
        list[str] | None,
        typer.Option("--from", help=_("파일·폴더·주소 (여러 번)", "file, folder or address (repeatable)")),
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", help=_("이 판의 공표일", "day this vintage was published"))
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help=_("열 대응표 YAML", "YAML that maps the columns"))
    ] = None,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.fetch import run

    end(run(at(lang, lake), source, from_ or (), published=published, mapping=mapping, as_json_=json))


@app.command(
    help=_(
        "받을 차례가 된 출처를 모두 받고, 출처마다 어떤 상태인지 보입니다. 도중에 끊겨도 다음 실행이 이어 갑니다.\n\n"
        "인증키는 환경 변수 BONGSU_KEY_출처 또는 사용자 설정 폴더의 keys.yml 에 둡니다. 받을 범위는 저장소 폴더의 wants.yml 에서 고칩니다.\n\n"
        "끝난 코드: 0 모두 됨, 5 일부만 됨, 4 아무 데도 닿지 못함, 1 다른 실행이 받는 중.\n\n"
        "예: bongsu run --dry-run\n\n"
        "예: bongsu run --only kr_customs",
        "Fetch every source that is due, and say how each of them stands. A run cut off half-way is taken up by the next.\n\n"
        "Keys stand in the variable BONGSU_KEY_<SOURCE> or in keys.yml in your settings folder. What is asked for is changed in wants.yml in the lake's folder.\n\n"
        "Exit codes: 0 done, 5 in part, 4 nothing could be reached, 1 another run is at it.\n\n"
        "Example: bongsu run --dry-run\n\n"
        "Example: bongsu run --only kr_customs",
    )
)
def run(
    only: Annotated[
        list[str] | None, typer.Option("--only", help=_("이 출처만 (여러 번)", "only this source (repeatable)"))
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=_("받지 않고, 무엇이 왜 차례인지만", "fetch nothing; say what is due and why")),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help=_("차례가 아니어도, 이미 있어도 모두 다시", "ask again, due or not, held or not")),
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help=_("한 번만 하고 끝냄 (기본)", "once, and end (the default)"))
    ] = False,
    every: Annotated[
        int | None,
        typer.Option("--every", help=_("끝내지 않고 몇 분마다 다시", "do not end; look again every so many minutes")),
    ] = None,
    wants: Annotated[
        bool, typer.Option("--wants", help=_("받을 범위를 wants.yml 꼴로 보임", "show what is asked for, as wants.yml"))
    ] = False,
    json: Json = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.run import Asked
    from bongsu.cli.run import run as go

    asked = Asked(tuple(only or ()), force)
    minutes = None if once else every
    end(go(at(lang, lake), asked, dry_run=dry_run, wants=wants, every=minutes, as_json_=json))


@app.command(
    help=_(
        "출처마다 무엇이 어디까지 있는지, 언제 받았는지, 격리된 행은 몇인지 보입니다.",
        "What each source covers, what was last known and read, and what stands in quarantine.",
    )
)
def records(
    source: Annotated[str | None, typer.Option("--source", help=_("이 출처만", "only this source"))] = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help=_("격리된 행을 이유와 함께", "the rows set aside, with reasons"))
    ] = False,
    journal: Annotated[bool, typer.Option("--journal", help=_("입수 일지", "the ingest journal"))] = False,
    json: Json = False,
    csv: Csv = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.records import run

    form = form_of(as_json=json, as_csv=csv)
    end(run(at(lang, lake), source=source, quarantine=quarantine, journal=journal, form=form))


@app.command(
    help=_(
        "두 시점 사이에 바뀐 수치를 낱낱이 보입니다.\n\n"
        "예: bongsu changes --source worldbank_pinksheet --from 2023-05-01 --to 2024-10-31",
        "List every figure that changed between two moments.\n\n"
        "Example: bongsu changes --source worldbank_pinksheet --from 2023-05-01 --to 2024-10-31",
    )
)
def changes(
    source: Annotated[str, typer.Option("--source", help=_("출처", "source"))],
    from_: Annotated[str, typer.Option("--from", help=_("앞 시점", "the earlier moment"))],
    to: Annotated[
        str | None, typer.Option("--to", help=_("뒤 시점 (없으면 지금)", "the later moment (now if not given)"))
    ] = None,
    json: Json = False,
    csv: Csv = False,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.changes import run

    end(run(at(lang, lake), source, from_, to, form=form_of(as_json=json, as_csv=csv)))


@app.command(
    help=_(
        "품목 목록: HS 부호, 등급, 쓰임과 소관·영향 부처.\n\n예: bongsu items urea",
        "The catalogue: HS codes, grade, uses and ministries.\n\nExample: bongsu items urea",
    )
)
def items(
    item: Annotated[str | None, typer.Argument(help=_("품목 하나를 자세히", "one item in full"))] = None,
    designations: Annotated[
        Path | None,
        typer.Option(
            "--designations", help=_("정부 지정 목록 CSV를 들여온다", "import a CSV list of official designations")
        ),
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
    csv: Csv = False,
    xlsx: Xlsx = None,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.items import run

    here, form = at(lang, lake, home), form_of(as_json=json, as_csv=csv)
    end(run(here, item, as_of=as_of, designations=designations, form=form, xlsx=xlsx))


@app.command(
    help=_(
        "지표를 계산합니다. 이름이 없으면 지표 목록을 보입니다.\n\n"
        "예: bongsu indicators korean_bands --reporter USA --valid 2024 --digits 10 --summary",
        "Compute an indicator; without a name, list them.\n\n"
        "Example: bongsu indicators korean_bands --reporter USA --valid 2024 --digits 10 --summary",
    )
)
def indicators(
    name: Annotated[str | None, typer.Argument(help=_("지표", "indicator"))] = None,
    reporter: Annotated[str, typer.Option("--reporter", help=_("통계를 낸 나라", "whose figures"))] = "KOR",
    flow: Annotated[str, typer.Option("--flow", help="import | export")] = "import",
    source: Annotated[str | None, typer.Option("--source", help=_("이 출처만", "only this source"))] = None,
    valid: Annotated[
        str | None, typer.Option("--valid", help=_("대상 기간: 2024 또는 2024-03", "period: 2024 or 2024-03"))
    ] = None,
    code: Annotated[
        list[str] | None, typer.Option("--code", help=_("이 부호만 (여러 번)", "only this code (repeatable)"))
    ] = None,
    digits: Annotated[
        int | None, typer.Option("--digits", help=_("이 자릿수의 부호", "codes of so many digits"))
    ] = None,
    roll_up_from: Annotated[
        int | None,
        typer.Option("--roll-up-from", help=_("이 자릿수에서 더해 올림", "add up from codes of so many digits")),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help=_("구간별 개수", "counts by band"))] = False,
    as_of: AsOf = None,
    json: Json = False,
    csv: Csv = False,
    xlsx: Xlsx = None,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.indicators import Asked, run

    asked = Asked(reporter.upper(), flow, source, valid, tuple(code or ()), digits, roll_up_from, as_of)
    end(run(at(lang, lake), name, asked, summary=summary, form=form_of(as_json=json, as_csv=csv), xlsx=xlsx))


@app.command(
    help=_(
        "세번 전체를 등급(A–D)과 의존 판단 방법별로 보입니다: 이유, 무엇이 바뀌면 달라지는지, 방법이 어디서 갈리는지.\n\n"
        "예: bongsu grade --home USA --year 2024 --method korea\n\n"
        "예: bongsu grade --method all --disagree --csv",
        "Grade every code of a customs schedule (A–D) and judge it by each dependence method: why, what would change it, "
        "and where the methods disagree.\n\n"
        "Example: bongsu grade --home USA --year 2024 --method korea\n\n"
        "Example: bongsu grade --method all --disagree --csv",
    )
)
def grade(
    year: Annotated[
        int | None, typer.Option("--year", help=_("해 (없으면 다 찬 가장 새 해)", "year (else the newest full one)"))
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            help=_(
                "방법 (여러 번, 기본 all): ec2021, arjona2023, geodep, productivity, korea, all",
                "method (repeatable; default all): ec2021, arjona2023, geodep, productivity, korea, all",
            ),
        ),
    ] = None,
    digits: Annotated[
        int | None,
        typer.Option("--digits", help=_("부호의 자릿수 (없으면 가장 긴 것)", "digits (else the finest held)")),
    ] = None,
    roll_up_from: Annotated[
        int | None,
        typer.Option("--roll-up-from", help=_("이 자릿수에서 더해 올림", "add up from codes of so many digits")),
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help=_("이 출처만", "only this source"))] = None,
    code: Annotated[
        list[str] | None, typer.Option("--code", help=_("이 부호를 자세히 (여러 번)", "this code in full (repeatable)"))
    ] = None,
    only_dependent: Annotated[
        bool,
        typer.Option(
            "--only-dependent", help=_("한 방법이라도 의존이라는 것만", "only what some method calls dependent")
        ),
    ] = False,
    disagree: Annotated[
        bool, typer.Option("--disagree", help=_("방법이 갈리는 것만", "only where methods disagree"))
    ] = False,
    as_of: AsOf = None,
    json: Json = False,
    csv: Csv = False,
    xlsx: Xlsx = None,
    home: Home = "KOR",
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.grade import run
    from bongsu.cli.grade_answer import Asked

    asked = Asked(
        year, tuple(method or ()), digits, roll_up_from, source, as_of, tuple(code or ()), only_dependent, disagree
    )
    end(run(at(lang, lake, home), asked, form=form_of(as_json=json, as_csv=csv), xlsx=xlsx))


@app.command(help=_("설치와 기록 저장소를 점검합니다.", "Check the installation and the lake."))
def doctor(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.doctor import run

    end(run(at(lang, lake), as_json_=json))


@app.command(help=_("표본 기록을 저장소에 넣습니다.", "Load the packaged sample into the lake."))
def sample(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.sample import run

    end(run(at(lang, lake), as_json_=json))


@app.command(
    help=_(
        "표본으로 오늘의 상황과 2021-10-13의 요소를 보여 주고 끝납니다.",
        "On the sample: today's watch, then urea as it stood on 2021-10-13, and done.",
    )
)
def tour(lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.tour import run

    end(run(at(lang, lake)))


@app.command(
    help=_(
        "한국 관세청 공개 자료(HSK10 × 나라)를 모두 받습니다. 하루 한도가 차면 멈추고 다음 날 이어 갑니다.\n\n"
        "예: bongsu setup kr --key 서비스키",
        "Load all of Korea Customs' open data (HSK10 × country); stops at the daily quota and goes on the next day.\n\n"
        "Example: bongsu setup kr --key SERVICE_KEY",
    )
)
def setup(
    what: Annotated[str, typer.Argument(metavar="kr", help=_("kr: 한국 관세청", "kr: Korea Customs"))],
    key: Annotated[
        str,
        typer.Option(
            "--key",
            envvar="BONGSU_KR_KEY",
            help=_("공공데이터포털 서비스키", "data.go.kr service key"),
            show_envvar=True,
        ),
    ],
    from_: Annotated[str, typer.Option("--from", help=_("첫 달", "first month"))] = "2015-01",
    hs: Annotated[
        list[str] | None,
        typer.Option("--hs", help=_("이 류만 (2자리, 여러 번)", "only this chapter (two digits, repeatable)")),
    ] = None,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.setup import run

    end(run(at(lang, lake), what, key, first=from_, prefixes=tuple(hs or ())))


@app.command(
    help=_(
        "기록 파일을 모아 빠르게 만듭니다. 어떤 답도 바뀌지 않습니다.", "Join data files for speed; no answer changes."
    )
)
def compact(json: Json = False, lake: Folder = None, lang: Lang = None) -> None:
    from bongsu.cli.compact import run

    end(run(at(lang, lake), as_json_=json))


@app.command(
    help=_(
        "성능을 잽니다: flows, ingest, points, structure, backtest, detect.\n\n예: bongsu bench flows --rows 10000000 --json",
        "Measure speed: flows, ingest, points, structure, backtest, detect.\n\nExample: bongsu bench flows --rows 10000000 --json",
    )
)
def bench(
    name: Annotated[str, typer.Argument(help="flows | ingest | points | structure | backtest | detect")],
    rows: Annotated[int | None, typer.Option("--rows", help=_("행 수", "rows"))] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", help=_("structure를 계산할 엔진 (duckdb, local[2])", "engine for structure: duckdb, local[2]")
        ),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    from bongsu.cli.bench import run

    end(run(at(lang, None), name, rows=rows, engine=engine, as_json_=json))


@app.command(
    help=_(
        "이 컴퓨터에 Spark 마스터와 워커를 하나씩 띄웁니다 (bongsu[spark] 와 Java 필요). Ctrl-C로 끝냅니다.\n\n예: bongsu spark --cores 2",
        "Start a Spark master and a worker on this machine (needs bongsu[spark] and Java); Ctrl-C ends them.\n\n"
        "Example: bongsu spark --cores 2",
    )
)
def spark(
    cores: Annotated[
        int, typer.Option("--cores", min=1, help=_("워커가 내줄 코어", "cores that the worker lends"))
    ] = 2,
    memory: Annotated[str, typer.Option("--memory", help=_("워커가 내줄 메모리", "memory that it lends"))] = "2g",
    port: Annotated[
        int, typer.Option("--port", help=_("마스터의 포트 (0: 빈 곳)", "the master's port (0: a free one)"))
    ] = 0,
    lake: Folder = None,
    lang: Lang = None,
) -> None:
    from bongsu.cli.spark import run

    end(run(at(lang, lake), cores=cores, memory=memory, port=port))


add_to(app)


def main() -> None:
    """Run a command; a failure is told in the user's language, and the exit code says of what kind it was."""
    language = spoken()
    command = speak_korean(app) if language is Language.KO and _asks_help() else app
    try:
        code = command(standalone_mode=False, prog_name="bongsu")
    except BongsuError as error:
        code = _tell(error, language)
    except typer.TyperException as error:
        code = _tell(told(error), language) if sys.argv[1:] else ExitCode.DONE  # no words at all: the help was shown
    except typer.Abort:
        code = ExitCode.OUR_FAULT
    except SystemExit as ended:  # Typer ends so by itself where the reader of a pipe has gone, as `head` does
        gone = isinstance(ended.__context__, BrokenPipeError)
        code = ExitCode.DONE if gone else ended.code
    except Exception:  # noqa: BLE001 - the last word on whatever we did not foresee
        traceback.print_exc()
        code = _tell(BongsuError(_OURS, mend=_REPORT), language)
    if code == _INTERRUPTED:
        sys.stderr.write(f"{Text('중단했습니다.', 'Stopped.').to(language)}\n")
        code = ExitCode.OUR_FAULT
    sys.exit(int(code or 0))


_INTERRUPTED = 130  # what Typer makes of Ctrl-C
_OURS = Text("봉수의 오류입니다.", "this is a fault of Bongsu's.")
_REPORT = Text("위의 내용을 개발자에게 알려 주십시오.", "Please report the lines above.")


def _asks_help() -> bool:
    return not sys.argv[1:] or not {"-h", "--help"}.isdisjoint(sys.argv[1:])


def _tell(error: BongsuError, language: Language) -> ExitCode:
    sys.stderr.write(f"{error.to(language)}\n")
    return error.exit_code
