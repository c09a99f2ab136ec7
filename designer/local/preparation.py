"""Bring an installation up to date: ``python -m designer.local.preparation [--link]``.

Tables, bucket and samples, in one process: most of the time of three commands goes into starting.
"""

import os
import sys
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command


def make_bucket(url: str) -> None:
    """Make the bucket of an `s3://` URL where there is none; a folder needs nothing."""
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return
    import boto3
    from botocore.exceptions import ClientError

    client = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))
    try:
        client.head_bucket(Bucket=parts.netloc)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        client.create_bucket(Bucket=parts.netloc)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")
    django.setup()
    make_bucket(settings.STORE_URL)
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  a device, not a path of ours
        call_command("load_samples", stdout=nowhere)
    if "--link" in sys.argv:
        call_command("sign_in_link")
