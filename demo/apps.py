"""Starts the demonstration's room; its pages exist only with DEMO=1."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
