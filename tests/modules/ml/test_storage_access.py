"""What a secret and a location say of a place in S3."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import SecretNotFound, StorageNotFound
from modules.ml.storage_access import Access, access_of, parts_of

LINES = (
    "[default]\naws_access_key_id = a\naws_secret_access_key=b=\nregion=eu-west-1\nendpoint_url=https://s3.example.org"
)
TEXT = json.dumps(
    {"access_key_id": "a", "secret_access_key": "b=", "region": "eu-west-1", "endpoint_url": "https://s3.example.org"}
)
ENVIRONMENT = """
# as of a shell
AWS_ACCESS_KEY_ID="a"
AWS_SECRET_ACCESS_KEY='b='
AWS_DEFAULT_REGION=eu-west-1
AWS_ENDPOINT_URL_S3=https://s3.example.org
AWS_SESSION_TOKEN=
"""


@pytest.mark.parametrize("secret", [LINES, TEXT, ENVIRONMENT])
def test_a_secret_may_be_json_or_lines_as_in_a_credentials_file(secret: str) -> None:
    assert access_of(secret, parameter="p") == Access("a", "b=", None, "eu-west-1", "https://s3.example.org")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        "aws_access_key_id=a",
        "aws_access_key_id=a\naws_secret_access_key=",
        '{"aws_access_key_id": "a"',
        "aws_access_key_id=a\naws_secret_access_key=b\ncolour=blue",
        "aws_access_key_id=a\naws_secret_access_key=b\nregion=evil.example.org/",
        "aws_access_key_id=a\naws_secret_access_key=b\nendpoint_url=storage.example.org",
        "aws_access_key_id=a\naws_secret_access_key=b\nendpoint_url=file:///etc",
        "aws_access_key_id=a\naws_secret_access_key=b\nendpoint_url=https://",
        "aws_access_key_id=a\naws_secret_access_key=b\nendpoint_url=https://a:port",
    ],
)
def test_a_secret_that_is_no_access_is_0157(secret: str) -> None:
    with pytest.raises(SecretNotFound) as caught:
        access_of(secret, parameter="access_key")
    assert (caught.value.code, caught.value.parameter) == ("0157", "access_key")
    assert caught.value.hint


@given(st.text())
def test_what_a_secret_holds_is_never_shown(secret: str) -> None:
    with pytest.raises(SecretNotFound) as caught:
        access_of(f"only-for-tests{secret}", parameter="access_key")
    assert "only-for-tests" not in json.dumps(caught.value.to_json())


def test_a_location_names_a_bucket_and_a_path() -> None:
    assert parts_of(" s3://my.bucket-1/a folder/**/*.csv ", parameter="p") == ("my.bucket-1", "a folder/**/*.csv")
    assert parts_of("s3://data/", parameter="p") == ("data", "")


@pytest.mark.parametrize("location", ["data/a.csv", "s3://data", "s3:///a.csv", "s3://a b/a", "https://data/a.csv", ""])
def test_another_text_is_0009(location: str) -> None:
    with pytest.raises(StorageNotFound) as caught:
        parts_of(location, parameter="location")
    assert (caught.value.code, caught.value.parameter) == ("0009", "location")
