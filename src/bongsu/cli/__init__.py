"""The command line."""

from bongsu.cli.app import app, main

__all__ = ["app", "main"]
