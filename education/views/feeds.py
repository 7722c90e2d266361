"""The address of a school's own catalogue, and the log of what it gave."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.permissions import SchoolRequired
from core.exceptions import Refused
from education import queries
from education.uploads import feeds
from education.uploads.forms import FeedForm


class Feed(SchoolRequired, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        feed = queries.feed_of(self.organisation)
        initial = {"address": feed.address, "is_on": feed.is_on} if feed else {"is_on": True}
        return self.show(FeedForm(initial=initial), feed)

    def post(self, request: HttpRequest) -> HttpResponse:
        feed = queries.feed_of(self.organisation)
        action = request.POST.get("action")
        if action == "remove" and feed:
            feeds.remove_feed(feed=feed, actor=request.user)
            messages.success(request, _("We no longer read your system. Your programmes stay as they are."))
            return redirect("education:feed")
        if action == "read" and feed:
            return self.begin(feed)
        form = FeedForm(request.POST)
        if not form.is_valid():
            return self.show(form, feed)
        try:
            feed = feeds.save_feed(
                school=self.organisation, actor=request.user, language=get_language(),
                address=form.cleaned_data["address"], is_on=form.cleaned_data["is_on"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("address", refusal.message)
            return self.show(form, feed)
        return self.begin(feed)

    def begin(self, feed) -> HttpResponse:
        try:
            queued = feeds.begin_refresh(feed=feed, actor=self.request.user)
        except Refused as refusal:
            messages.warning(self.request, refusal.message)
            return redirect("education:feed")
        text = _("We read your system now. In a moment you see below what it gave.")
        messages.success(self.request, text if queued else _("We read it tonight: the queue does not answer now."))
        return redirect("education:feed")

    def show(self, form: FeedForm, feed) -> HttpResponse:
        page = Paginator(queries.log_of(self.organisation), 20).get_page(self.request.GET.get("page"))
        context = {"form": form, "feed": feed, "page_obj": page, "uploads": page}
        return render(self.request, "education/feed.html", context, status=422 if form.errors else 200)
