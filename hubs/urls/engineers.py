"""The engineers' requests."""

from django.urls import path

from hubs.views import engineers, logs

urlpatterns = [
    path("hubs/", engineers.queue, name="queue"),
    path("hubs/requests/<slug:reference>/", engineers.review, name="review"),
    path("hubs/requests/<slug:reference>/progress/", engineers.progress, name="work"),
    path("hubs/requests/<slug:reference>/answer/", engineers.answer, name="answer"),
    path("hubs/requests/<slug:reference>/assess/", engineers.assess, name="assess"),
    path("hubs/requests/<slug:reference>/take-answer/", engineers.take_answer, name="take_answer"),
    path("hubs/requests/<slug:reference>/leave-answer/", engineers.leave_answer, name="leave_answer"),
    path("hubs/requests/<slug:reference>/start-now/", engineers.start_now, name="start_now"),
    path("hubs/requests/<slug:reference>/approve/", engineers.approve, name="approve"),
    path("hubs/requests/<slug:reference>/reject/", engineers.reject, name="reject"),
    path("hubs/requests/<slug:reference>/settle/", engineers.settle, name="settle"),
    path("hubs/requests/<slug:reference>/retry/", engineers.retry, name="retry"),
    path("hubs/requests/<slug:reference>/take-back/", engineers.take_back, name="take_back"),
    path("hubs/requests/<slug:reference>/log/<slug:step>/", logs.log, name="log"),
    path("hubs/requests/<slug:reference>/log/<slug:step>/fetch/", logs.fetch, name="fetch_log"),
]
