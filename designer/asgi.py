"""HTTP and websockets, put together."""

import os
import threading

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")
http = get_asgi_application()

# Only after Django is set up.
from designer.live.origin import OwnOrigin  # noqa: E402  needs Django to be set up
from designer.live.urls import urlpatterns  # noqa: E402  needs Django to be set up
from modules import catalog  # noqa: E402  needs Django to be set up

# scikit-learn takes seconds to import; the first visitor should not wait for it.
threading.Thread(target=catalog.load, name="catalog", daemon=True).start()

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": OwnOrigin(AuthMiddlewareStack(URLRouter(urlpatterns))),
    }
)
