"""The HTTP API, put together."""

from ninja import NinjaAPI

from designer.api import artifacts, assets, drafts, exports, failures, library, runs, secrets, session
from designer.api.access import AUTHENTICATION

api = NinjaAPI(
    title="Designer",
    version="1",
    description="All that the page does. Send a bearer token made on the page or by `manage.py create_token`.",
    auth=AUTHENTICATION,
    urls_namespace="api",
)
failures.register(api)
for part in (session, secrets, library, assets, drafts, runs, artifacts, exports):
    api.add_router("", part.router.routes)
