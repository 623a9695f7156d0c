"""The door for ASGI servers."""

from django.core.asgi import get_asgi_application

from bongsu.api.bounds import Bounded
from bongsu.people import keys

application = Bounded(get_asgi_application())
keys.check()
