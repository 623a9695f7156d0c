"""What a person can do here, one function for each thing; each checks, changes, and writes the audit line."""

from bongsu.responses.actions.attachments import attach, detach
from bongsu.responses.actions.checks import nil_return, plan_checks
from bongsu.responses.actions.notices import paste, report_from_notice
from bongsu.responses.actions.reading import open_file, open_kept_aside, open_report
from bongsu.responses.actions.reports import return_report, review, save_draft, submit, take_tip, withdraw_report
from bongsu.responses.actions.statements import tell
from bongsu.responses.actions.taskings import ask, close_tasking, remind, withdraw_tasking

__all__ = [
    "ask",
    "attach",
    "close_tasking",
    "detach",
    "nil_return",
    "open_file",
    "open_kept_aside",
    "open_report",
    "paste",
    "plan_checks",
    "remind",
    "report_from_notice",
    "return_report",
    "review",
    "save_draft",
    "submit",
    "take_tip",
    "tell",
    "withdraw_report",
    "withdraw_tasking",
]
