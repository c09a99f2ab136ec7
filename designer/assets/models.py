"""Registered assets."""

import uuid

from django.db import models

from designer.workspaces.models import Workspace


class Dataset(models.Model):
    """One version of a named table; its rows are an artifact of the store."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    origin = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    columns = models.JSONField()
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name", "version"], name="one_dataset_version")]
        ordering = ["name", "-version"]


class Upload(models.Model):
    """A file that a person brought for an Import Data node."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)


class StoredBlob(models.Model):
    """Bytes of the store that somebody has asked to keep; `parts` are the files of a manifest.

    `used_at` is when somebody last began to need them. Nothing takes bytes away that were used since it began to look,
    see `designer.runs.retention`.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    size_bytes = models.PositiveBigIntegerField()
    parts = models.JSONField(default=list)
    used_at = models.DateTimeField(db_index=True)
