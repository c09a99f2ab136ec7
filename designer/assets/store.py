"""The artifact store of this installation."""

from functools import cache

from django.conf import settings

from designer.store.artifacts import Store


@cache
def store() -> Store:
    """The store that the settings name: a folder, or a bucket with local copies."""
    return Store.at(settings.STORE_URL, settings.STORE_CACHE)
