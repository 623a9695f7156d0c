"""What may be asked: each takes a reader, and gives only what that reader may see."""

from bongsu.responses.queries.aside import KeptAside, kept_aside
from bongsu.responses.queries.checks import CheckSeen, checks
from bongsu.responses.queries.notices import (
    AttachmentSeen,
    NoticeSeen,
    OpenedFile,
    attachments,
    notice,
    notices,
    open_attachment,
)
from bongsu.responses.queries.reports import (
    Happening,
    ReportLine,
    ReportSeen,
    UsedBy,
    report,
    report_timeline,
    reports,
    unpublished,
    used_by,
)
from bongsu.responses.queries.taskings import (
    CELL_NAMES,
    BoardCell,
    BoardLine,
    Cell,
    TaskingSeen,
    board,
    tasking,
    taskings,
)

__all__ = [
    "CELL_NAMES",
    "AttachmentSeen",
    "BoardCell",
    "BoardLine",
    "Cell",
    "CheckSeen",
    "Happening",
    "KeptAside",
    "NoticeSeen",
    "OpenedFile",
    "ReportLine",
    "ReportSeen",
    "TaskingSeen",
    "UsedBy",
    "attachments",
    "board",
    "checks",
    "kept_aside",
    "notice",
    "notices",
    "open_attachment",
    "report",
    "report_timeline",
    "reports",
    "tasking",
    "taskings",
    "unpublished",
    "used_by",
]
