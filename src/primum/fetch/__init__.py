"""Pinned files from elsewhere: downloaded once, checked by SHA-256, kept in a cache.

This is the only module that opens a network connection for a file (models are asked through ``engine``).
"""

from primum.fetch.cache import cache_folder
from primum.fetch.download import PinnedFile, Progress, fetch, file_sha256
from primum.fetch.registry import wheel_address

__all__ = ["PinnedFile", "Progress", "cache_folder", "fetch", "file_sha256", "wheel_address"]
