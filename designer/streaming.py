"""Send files in pieces.

Under ASGI Django reads an iterator that is not asynchronous to its end before it sends the first
byte, so a big file would lie in memory.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.decorators import async_only_middleware

Answer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@async_only_middleware
def stream_in_pieces(get_response: Answer) -> Answer:
    """Read what is streamed in another thread, a piece at a time."""

    async def answer(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        if isinstance(response, StreamingHttpResponse):
            content = response.streaming_content
            if isinstance(content, Iterator):
                response.streaming_content = _pieces(content)
        return response

    return answer


async def _pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, content, None)) is not None:
        yield piece
