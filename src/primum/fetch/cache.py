"""Where fetched files are kept."""

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """``$PRIMUM_CACHE_DIR``, or the user's cache folder of this system; not created here."""
    if chosen := os.environ.get("PRIMUM_CACHE_DIR"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "primum"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "primum"
