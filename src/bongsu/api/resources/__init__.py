"""One file a resource: what may be asked of it. What is done with the larger ones stands beside them, in `…_steps`."""

from bongsu.api.resources import alert_steps, attachments, report_steps  # they add to the routers of alerts and reports

__all__ = ["alert_steps", "attachments", "report_steps"]
