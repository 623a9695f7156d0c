"""Releases (기업 배포문): texts for companies, written by one person and approved by another."""

from bongsu.alerts.releases.actions import (
    approve_release,
    draft_release,
    edit_release,
    end_subscription,
    subscribe,
    withdraw_release,
)
from bongsu.alerts.releases.queries import (
    PUBLIC,
    history,
    may,
    open_subscriptions,
    receivers,
    release,
    releases,
    subscriptions,
)

__all__ = [
    "PUBLIC",
    "approve_release",
    "draft_release",
    "edit_release",
    "end_subscription",
    "history",
    "may",
    "open_subscriptions",
    "receivers",
    "release",
    "releases",
    "subscribe",
    "subscriptions",
    "withdraw_release",
]
