"""Which path goes where."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, re_path
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from designer.api.api import api
from designer.workspaces.actions import use_sign_in_link

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
NOT_BUILT = "The page has not been built: run `make setup`."
USED_LINK = "This link is unknown or has been used. Start the server again, or run `python manage.py sign_in_link`."


@require_GET
def sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign the browser in, once for each link."""
    user = use_sign_in_link(secret)
    if user is None:
        return HttpResponse(USED_LINK, status=403, content_type="text/plain; charset=utf-8")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect("/")


@require_GET
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The page; it finds out by itself what to show for a path."""
    index = settings.FRONT_END / "index.html"
    if not index.exists():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(index.read_bytes(), headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server answers; asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("api/", api.urls),
    path("health", health),
    path("sign-in/<str:secret>", sign_in),
    re_path(r"^(?!(?:api|static|assets|ws)(?:/|$)).*$", page),
]
