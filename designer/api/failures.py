"""The only table from what went wrong to a status code."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as RequestError

from designer import errors
from modules.kit import ModuleError


def register(api: NinjaAPI) -> None:
    """Teach an API the one shape of error answers: code, message, and facts."""

    def answer(request: HttpRequest, status: int, code: str, message: str, **facts: Any) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message, **facts}, status=status)

    def on(kind: type[Exception], status: int, code: str) -> None:
        def handle(request: HttpRequest, error: Any) -> HttpResponse:
            facts = {name: value for name, value in vars(error).items() if name in ("current", "used", "limit")}
            return answer(request, status, code, str(error), **facts)

        api.add_exception_handler(kind, handle)

    on(errors.NotFound, 404, "not_found")
    on(errors.NotAllowed, 403, "not_allowed")
    on(errors.Conflict, 412, "conflict")
    on(errors.QuotaExceeded, 413, "quota_exceeded")
    on(errors.Unavailable, 503, "unavailable")

    @api.exception_handler(errors.InvalidDocument)
    def invalid(request: HttpRequest, error: errors.InvalidDocument) -> HttpResponse:
        problems = [problem.model_dump(mode="json") for problem in error.problems]
        return answer(request, 422, "invalid_document", str(error), problems=problems)

    @api.exception_handler(ModuleError)
    def module_error(request: HttpRequest, error: ModuleError) -> HttpResponse:
        return answer(request, 422, error.code, error.message, hint=error.hint)

    @api.exception_handler(AuthenticationError)
    def unknown_caller(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return answer(request, 401, "not_signed_in", "Sign in with the link that the server printed, or send a token")

    @api.exception_handler(RequestError)
    def bad_request(request: HttpRequest, error: RequestError) -> HttpResponse:
        first = error.errors[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return answer(request, 422, "invalid_request", f"{place or 'The body'}: {first['msg']}")

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "invalid_request", error.message)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, _: Http404) -> HttpResponse:
        return answer(request, 404, "not_found", "There is no such thing in this workspace")

    @api.exception_handler(ValidationError)
    def invalid_value(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, 422, "invalid_request", "; ".join(error.messages))
