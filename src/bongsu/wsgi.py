"""The door for WSGI servers."""

from django.core.wsgi import get_wsgi_application

from bongsu.people import keys

application = get_wsgi_application()
keys.check()
