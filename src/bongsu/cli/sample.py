"""`bongsu sample`: load the packaged sample into the lake."""

from bongsu.cli.fetch import print_receipt, receipt_document
from bongsu.cli.output import as_json
from bongsu.cli.session import Session
from bongsu.language import ExitCode, Text
from bongsu.sources.sample.load import load


def run(session: Session, *, as_json_: bool) -> ExitCode:
    """Deliver the sample; a second time changes nothing."""
    lake = session.lake()
    try:
        with session.err.status(session.say(Text("표본을 넣는 중…", "loading the sample …"))):
            receipts = load(lake, read_at=session.now, run_id=session.run_id)
    finally:
        lake.close()
    if as_json_:
        as_json(session, [receipt_document(receipt) for receipt in receipts])
    else:
        for receipt in receipts:
            print_receipt(session, receipt)
    return ExitCode.DONE
