"""State of runs; this database is the only place that holds it."""

import uuid

from django.db import models

from designer.pipelines.models import Draft
from designer.workspaces.models import User, Workspace


class Run(models.Model):
    """One execution of a plan; `seq` is the number of its newest event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    author = models.ForeignKey(User, models.PROTECT)
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="runs")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    document = models.JSONField()
    plan = models.JSONField()
    status = models.CharField(max_length=20, default="queued")
    seq = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="one_run_number")]
        ordering = ["-created_at"]


class RunStep(models.Model):
    """The state of one node of a run.

    `lease_until` is renewed by the worker that runs the step; of a queued step, it is when its
    message counts as lost. `seconds` is the time in the step process, without waiting for one.
    `files` are the uploads that it names, by id; `log` is the digest of what it printed, once it
    has ended.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    node = models.CharField(max_length=64)
    status = models.CharField(max_length=20, default="waiting")
    attempt = models.PositiveSmallIntegerField(default=1)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    lease_until = models.DateTimeField(null=True)
    outputs = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    recipe = models.JSONField(null=True)
    files = models.JSONField(default=dict)
    log = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "node"], name="one_step_each")]
        indexes = [models.Index(fields=["status", "lease_until"])]


class Event(models.Model):
    """A recorded fact about a run; never changed."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    node = models.CharField(max_length=64, null=True)
    kind = models.CharField(max_length=30)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="one_event_each")]
        ordering = ["seq"]


class Result(models.Model):
    """Outputs that a recipe has given in a workspace, to be reused."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    key = models.CharField(max_length=64)
    outputs = models.JSONField()
    metrics = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_result_each")]


class Output(models.Model):
    """An artifact that a step of this workspace has given: what its members may open."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="one_output_each")]
