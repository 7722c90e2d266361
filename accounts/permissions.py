"""Who may come in: for pages (mixins) and for the API (permission classes)."""

from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from rest_framework.permissions import BasePermission

from accounts.models import Organisation
from accounts.queries import organisation_of


class OrganisationRequired(AccessMixin):
    """Lets members of an organisation of `kind` in, as `self.organisation`; others may register one first."""

    kind: str
    organisation: Organisation

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        organisation = organisation_of(request.user, self.kind)
        if organisation is None:
            return redirect(f"accounts:register-{self.kind}")
        self.organisation = organisation
        return super().dispatch(request, *args, **kwargs)


class EmployerRequired(OrganisationRequired):
    kind = Organisation.Kind.EMPLOYER


class SchoolRequired(OrganisationRequired):
    kind = Organisation.Kind.SCHOOL


class FlagRequired(AccessMixin):
    """Lets in who has the flag; a stranger learns nothing: 404."""

    def allowed(self, user) -> bool:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not self.allowed(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class AnalystRequired(FlagRequired):
    def allowed(self, user) -> bool:
        return user.is_analyst or user.is_staff


class OperatorRequired(FlagRequired):
    def allowed(self, user) -> bool:
        return user.is_staff


class IsEmployer(BasePermission):
    """Members of a firm; the firm is put on the view as `organisation`."""

    kind = Organisation.Kind.EMPLOYER

    def has_permission(self, request, view) -> bool:
        view.organisation = organisation_of(request.user, self.kind)
        return view.organisation is not None


class IsSchool(IsEmployer):
    """Members of a school; the school is put on the view as `organisation`."""

    kind = Organisation.Kind.SCHOOL


class IsAnalyst(BasePermission):
    def has_permission(self, request, view) -> bool:
        return bool(request.user.is_authenticated and (request.user.is_analyst or request.user.is_staff))


class IsOperator(BasePermission):
    def has_permission(self, request, view) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)
