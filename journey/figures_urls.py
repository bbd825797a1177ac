"""/figures/…: open figures of what spans the stages."""

from django.urls import path

from journey import figures_pages

app_name = "figures"

urlpatterns = [
    path("<slug:slug>/advice/", figures_pages.advice, name="advice"),
    path("<slug:slug>/absences/", figures_pages.absences, name="absences"),
]
