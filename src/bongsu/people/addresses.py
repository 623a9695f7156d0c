"""From where somebody comes, as the audit trail keeps it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """From where: the peer, or what our own proxy says of it. A header that anybody may send is not believed."""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:  # then our proxy stands in front, and adds the peer that it saw as the last one
        told = request.META.get("HTTP_X_FORWARDED_FOR", told).rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return ""
