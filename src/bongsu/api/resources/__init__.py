"""One file a resource: what may be asked of it. What is done with the larger ones stands beside them, in `…_steps`."""

# They add to the routers of alerts and reports.
from bongsu.api.resources import alert_official, alert_steps, attachments, report_steps

__all__ = ["alert_official", "alert_steps", "attachments", "report_steps"]
