"""The guard that needs no model and no network."""

from primum.guards.embedded.guard import EMBEDDED_GUARD

__all__ = ["EMBEDDED_GUARD"]
