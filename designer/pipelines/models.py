"""The editable state of a pipeline."""

import uuid

from django.db import models

from designer.workspaces.models import User, Workspace


class Draft(models.Model):
    """A pipeline document under edit; `digest` is the revision that a save must name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    author = models.ForeignKey(User, models.PROTECT)
    name = models.CharField(max_length=200)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
