"""The template of responsibilities, in the editor: what its draft would change, and publishing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import templating
from communities.access import PUBLISH_TEMPLATE, needs
from communities.models import MatrixTemplate
from ground.actors import ActingRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PUBLISH_TEMPLATE)
def publish(request: ActingRequest, pk: int) -> HttpResponse:
    """Read what the draft says differently from what is published, what is untranslated, and publish it."""
    template = get_object_or_404(MatrixTemplate.objects.select_related("programme"), pk=pk)
    if request.method == "POST":
        return _publish(request, template)
    areas, before = templating.compiled(template), templating.current_areas(template.programme)
    context = {
        "template": template,
        "number": template.programme.matrix_templates.count() + 1,
        "problems": templating.problems(areas, before=before),
        "untranslated": templating.untranslated(areas),
        "changed": templating.rows_changed(before, areas),
    }
    return render(request, "communities/template_publish.html", context)


def _publish(request: ActingRequest, template: MatrixTemplate) -> HttpResponse:
    try:
        version = templating.publish(template, by=request.actor)
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    except templating.Unsound as refusal:
        messages.error(request, str(refusal))
    return redirect("publish_matrix_template", template.pk)
