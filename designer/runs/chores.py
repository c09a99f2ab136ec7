"""Things that one worker of all does once in a while."""

from datetime import timedelta

from django.utils import timezone

from designer.runs.models import Chore


def claim_chore(name: str, every: timedelta) -> bool:
    """Tell whether it is this caller's turn; then it is nobody's for a while."""
    now = timezone.now()
    chore, is_new = Chore.objects.get_or_create(name=name, defaults={"next_at": now + every})
    if is_new:
        return True
    return bool(Chore.objects.filter(pk=chore.pk, next_at__lte=now).update(next_at=now + every))
