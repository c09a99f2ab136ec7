"""State of runs; this database is the only place that holds it."""

import uuid

from django.db import models

from designer.pipelines.models import Draft
from designer.workspaces.models import User, Workspace


class Run(models.Model):
    """One execution of a plan; `seq` is the number of its newest event.

    A run is `queued` while its author has enough steps waiting already. `served_at` is when a worker last took one of
    its steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    author = models.ForeignKey(User, models.PROTECT)
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="runs")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    document = models.JSONField()
    plan = models.JSONField()
    stop_on_failure = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default="queued")
    seq = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="one_run_number")]
        indexes = [
            models.Index(fields=["status", "author"]),
            models.Index(fields=["author", "served_at"]),
            models.Index(fields=["draft", "number"]),
        ]
        ordering = ["-created_at"]


class RunStep(models.Model):
    """The state of one node of a run.

    `lease_until` is renewed by the worker that runs the step; of a queued step, it is when its message counts as lost.
    `due_at` is when a queued step may start, where that is not at once. `failures`, `losses` and `troubles` count how
    attempts have ended.

    `recipe` is what the step is made from, known as soon as everything above it has a result. `reused_from` is the step
    whose result stands in; `lost_result` says that a result was known whose bytes were gone. `awaits` is the key of a
    recipe that another step is computing just now.

    `seconds` is the time in the step process, without waiting for one. `files` are the uploads that it names, by id;
    `log` is the digest of what it printed, once it has ended.
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
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    troubles = models.PositiveSmallIntegerField(default=0)
    reused_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    lost_result = models.BooleanField(default=False)
    awaits = models.CharField(max_length=64, blank=True)
    outputs = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    recipe = models.JSONField(null=True)
    files = models.JSONField(default=dict)
    log = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "node"], name="one_step_each")]
        indexes = [
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["awaits"], condition=~models.Q(awaits=""), name="awaited_results"),
        ]


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
    """What a recipe has given in a workspace, to be reused, or is about to give: no outputs while `step` computes."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    key = models.CharField(max_length=64)
    step = models.ForeignKey(RunStep, models.SET_NULL, null=True, related_name="results")
    outputs = models.JSONField(null=True)
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


class Chore(models.Model):
    """Something that one worker of all does once in a while; `next_at` is when the next may begin."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
