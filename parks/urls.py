from django.urls import path

from parks.views import notices

app_name = "parks"
urlpatterns = [
    path("inbox/", notices.inbox, name="inbox"),
    path("inbox/mark/", notices.mark, name="inbox-mark"),
    path("me/notices/", notices.subscription, name="notice-settings"),
]
