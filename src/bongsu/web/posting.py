"""What becomes of a form that was sent: done and led on, or shown again with what was typed and why it was not done."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from bongsu.language import Text
from bongsu.people.errors import NotThereError, RefusedError
from bongsu.web.acting import Request
from bongsu.web.speech import said

R = TypeVar("R")
UNTAKEN = 422  # the status of a page that shows a form again


def attempt(form: forms.Form, act: Callable[[], R]) -> R | RefusedError | None:
    """Do it where the form holds what it asks for; a refusal is told at its field, or above the form.

    Returns:
        What the act gave; the refusal; None: the form itself was not in order.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except NotThereError:  # what is not there has no form
        raise
    except RefusedError as error:
        told = said(error.what) + (f" {said(error.mend)}" if error.mend else "")
        field = error.where.replace(".", "_")  # `measure.number` is typed into `measure_number`
        form.add_error(field if field in form.fields else None, told)
        return error


def failed(outcome: object) -> bool:
    """Was it not done?"""
    return outcome is None or isinstance(outcome, RefusedError)


def status_of(outcome: object) -> int:
    """The status of the page that shows the form again."""
    return outcome.status if isinstance(outcome, RefusedError) else UNTAKEN


def led_on(request: Request, to: str, told: Text) -> HttpResponse:
    """On to the page that shows what was done."""
    messages.success(request, said(told))
    return redirect(to)


def form_page(request: Request, form: forms.Form, title: Text, *, status: int = 200, **more: object) -> HttpResponse:
    """A page that is one form."""
    return render(request, "form_page.html", {"form": form, "title": title, **more}, status=status)
