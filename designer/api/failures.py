"""The only table from what went wrong to a status code."""

import errno
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as RequestError

from designer import errors
from modules.kit import ModuleError

log = logging.getLogger(__name__)

TEXT_PROBLEM = "A text holds characters that cannot be stored, such as half of a surrogate pair or a zero byte"
TOO_BIG = "The body is too big; files are sent as multipart/form-data"
NOT_SIGNED_IN = "Sign in with the link that the server printed, or send a token"


def register(api: NinjaAPI) -> None:
    """Teach an API the one shape of error answers: code, message, and facts."""

    def answer(request: HttpRequest, status: int, code: str, message: str, **facts: Any) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message, **facts}, status=status)

    def on(kind: type[Exception], status: int, code: str, message: str | None = None) -> None:
        def handle(request: HttpRequest, error: Any) -> HttpResponse:
            facts = {name: value for name, value in vars(error).items() if name in ("current", "used", "limit")}
            return answer(request, status, code, message or str(error), **facts)

        api.add_exception_handler(kind, handle)

    on(errors.NotExportable, 422, "not_exportable")
    on(errors.NotFound, 404, "not_found")
    on(errors.NotAllowed, 403, "not_allowed")
    on(errors.Conflict, 412, "conflict")
    on(errors.QuotaExceeded, 413, "quota_exceeded")
    on(errors.Unavailable, 503, "unavailable")
    on(AuthenticationError, 401, "not_signed_in", NOT_SIGNED_IN)
    on(Http404, 404, "not_found", "There is no such thing in this workspace")
    on(RequestDataTooBig, 413, "too_big", TOO_BIG)
    on(UnicodeError, 422, "invalid_request", TEXT_PROBLEM)
    on(DataError, 422, "invalid_request", TEXT_PROBLEM)

    @api.exception_handler(errors.InvalidDocument)
    def invalid(request: HttpRequest, error: errors.InvalidDocument) -> HttpResponse:
        problems = [problem.model_dump(mode="json") for problem in error.problems]
        return answer(request, 422, "invalid_document", str(error), problems=problems)

    @api.exception_handler(ModuleError)
    def module_error(request: HttpRequest, error: ModuleError) -> HttpResponse:
        return answer(request, 422, error.code, error.message, hint=error.hint)

    @api.exception_handler(RequestError)
    def bad_request(request: HttpRequest, error: RequestError) -> HttpResponse:
        first = error.errors[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return answer(request, 422, "invalid_request", f"{place or 'The body'}: {first['msg']}")

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "invalid_request", error.message)

    @api.exception_handler(ValidationError)
    def invalid_value(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, 422, "invalid_request", "; ".join(error.messages))

    @api.exception_handler(OSError)
    def machine(request: HttpRequest, error: OSError) -> HttpResponse:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return answer(request, 507, "disk_full", "The disk of the server is full")
        return answer(request, 500, "1000", "The server could not do this; its log says why")

    @api.exception_handler(Exception)
    def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return answer(request, 500, "1000", "The server could not do this; its log says why")
