"""/, /report/, /receipt/, /verify/agreement/, /notices/, /demo/ and what watches the server."""

from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
    path("report/", views.report, name="report"),
    path("receipt/", views.receipt, name="receipt"),
    path("verify/agreement/", views.verify_agreement, name="verify_agreement"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("demo/", views.demo, name="demo"),
    path("demo/sign-in/<str:username>/", views.demo_sign_in, name="demo_sign_in"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
