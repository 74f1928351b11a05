"""A grading task in words: material between fences that it cannot close, and the form once more after an unreadable reply.

The prompts of this kind have the slots ``fence``, ``request`` and ``response``, and whatever else their judge puts in.
"""

import hashlib
from collections.abc import Iterable

from primum.prompts import load_prompt
from primum.types import Message, Request, Response


def task(prompt: str, request: Request, response: Response, **more: str) -> tuple[Message, ...]:
    """The prompt of this name, filled with the original request (whatever attack was used) and the whole response."""
    fence = fence_for(request, response)
    text = load_prompt(prompt).fill(fence=fence, request=request.text, response=response.text, **more)
    return (Message(role="user", content=text),)


def remind(prompt: str, asked: tuple[Message, ...], reply: str) -> tuple[Message, ...]:
    """The same task once more, with the unreadable reply and a reminder of the form."""
    reminder = load_prompt(prompt).fill()
    # Several providers reject a conversation with an empty message.
    return (
        *asked,
        Message(role="assistant", content=reply if reply.strip() else "(empty)"),
        Message(role="user", content=reminder),
    )


def fence_for(request: Request, response: Response) -> str:
    """A line that neither text can contain, because it is made from both."""
    digest = hashlib.sha256(f"{request.text}\0{response.text}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"====[{digest}]===="


def prompts_sha256(prompts: Iterable[str], *parts: str) -> str:
    """Fingerprint of a judge that these prompts and these other parts decide."""
    hashes = [load_prompt(name).sha256 for name in prompts]
    return hashlib.sha256("\0".join([*hashes, *parts]).encode()).hexdigest()
