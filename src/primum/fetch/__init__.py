"""Pinned files from elsewhere: downloaded once, checked, kept in a cache.

This is the only package that opens a network connection for a file (models are asked through ``engine``).
"""

from primum.fetch.cache import cache_folder
from primum.fetch.download import PinnedFile, Progress, RemoteFile, fetch, file_sha256, is_cached
from primum.fetch.hosts import github_address, hub_address, hub_files, hub_headers, hub_token
from primum.fetch.registry import wheel_address

__all__ = [
    "PinnedFile",
    "Progress",
    "RemoteFile",
    "cache_folder",
    "fetch",
    "file_sha256",
    "github_address",
    "hub_address",
    "hub_files",
    "hub_headers",
    "hub_token",
    "is_cached",
    "wheel_address",
]
