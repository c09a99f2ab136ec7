"""What is shipped is there from the first start, once."""

import pytest

from designer.assets.models import Dataset
from designer.pipelines.samples import load_sample_data, samples
from designer.workspaces.actions import ensure_owner


@pytest.mark.django_db
def test_loading_samples_again_changes_nothing() -> None:
    _, workspace = ensure_owner()
    names = list(load_sample_data(workspace))
    first = list(Dataset.objects.values_list("name", "version", "digest"))
    list(load_sample_data(workspace))
    assert list(Dataset.objects.values_list("name", "version", "digest")) == first
    assert {name for name, _, _ in first} == set(names)


def test_every_sample_has_a_title_and_a_description() -> None:
    assert [sample.id for sample in samples() if not (sample.document.name and sample.document.description)] == []
