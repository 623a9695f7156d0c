"""What can be done to an alert: one function for each act. All are keyword-only, and each is one transaction."""

from bongsu.alerts.actions.holding import acknowledge, assign, escalate
from bongsu.alerts.actions.judging import close, issue, lift_override, override_level, reopen, triage, withdraw
from bongsu.alerts.actions.uniting import merge, supersede
from bongsu.alerts.actions.watching import observe, raise_alert
from bongsu.alerts.actions.working import note, tick, untick

__all__ = [
    "acknowledge",
    "assign",
    "close",
    "escalate",
    "issue",
    "lift_override",
    "merge",
    "note",
    "observe",
    "override_level",
    "raise_alert",
    "reopen",
    "supersede",
    "tick",
    "triage",
    "untick",
    "withdraw",
]
