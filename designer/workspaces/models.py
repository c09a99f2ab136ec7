"""Who there is and what they belong to."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Workspace(models.Model):
    """Owns everything; shared by its members."""

    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)


class User(AbstractUser):
    """A person; the embedded installation has one, without a password."""

    workspaces = models.ManyToManyField(Workspace, through="Membership", related_name="members")


class Membership(models.Model):
    """A person's part in a workspace."""

    class Role(models.TextChoices):
        OWNER = "owner"
        CONTRIBUTOR = "contributor"
        READER = "reader"

    user = models.ForeignKey(User, models.CASCADE)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="one_membership_each")]


class SignInLink(models.Model):
    """A link that signs its owner in, once; only a digest of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)


class Secret(models.Model):
    """A password or access key for nodes, which name it; `content` is encrypted, see `secrets.py`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_secret_each")]


class Token(models.Model):
    """Lets a program call the API for a person in a workspace; only a digest of it is kept."""

    user = models.ForeignKey(User, models.CASCADE)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
