"""Which path goes where."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
