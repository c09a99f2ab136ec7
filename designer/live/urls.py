"""Which socket goes where."""

from django.urls import path

from designer.live.runs import RunConsumer

urlpatterns = [path("ws/runs/<uuid:run_id>", RunConsumer.as_asgi())]
