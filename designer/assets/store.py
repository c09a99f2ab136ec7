"""The artifact store of this installation."""

import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from designer.store.artifacts import Store
from designer.store.blobs import BucketBlobs, FolderBlobs


@cache
def store() -> Store:
    """The store that the settings name: a folder, or a bucket with local copies."""
    url = urlsplit(settings.STORE_URL)
    if url.scheme != "s3":
        return Store(FolderBlobs(Path(settings.STORE_URL)))
    import boto3

    client = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))
    return Store(BucketBlobs(client, url.netloc, url.path.lstrip("/"), settings.HOME / "store-cache"))
