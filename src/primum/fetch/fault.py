"""What went wrong on the network, in one line that gives no password away."""

import re

_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")


def without_password(text: str) -> str:
    """The text with ``user:password@`` taken out of every address."""
    return _USERINFO.sub("", text)


def one_line(error: Exception) -> str:
    """The first line of an error's text (httpx adds a link in a second), or its kind where it says nothing."""
    lines = str(error).splitlines()
    return without_password(lines[0] if lines else type(error).__name__)
