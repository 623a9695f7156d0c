"""The door for ASGI servers."""

from django.core.asgi import get_asgi_application

from bongsu.people import keys

application = get_asgi_application()
keys.check()
