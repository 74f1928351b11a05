"""Asking models: the one module that knows Inspect AI.

Inspect gives us every provider, concurrency, retries and a log viewer; it scores nothing for us. A model under test and a
judge are asked through the same function, ``ask``.
"""

from primum.engine.ask import AskSettings, Question, ask, require_usable
from primum.engine.names import check_model_name, provider_of

__all__ = ["AskSettings", "Question", "ask", "check_model_name", "provider_of", "require_usable"]
