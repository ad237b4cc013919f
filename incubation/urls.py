from django.urls import path

from incubation.views import chain

app_name = "incubation"

urlpatterns = [
    path("chain/", chain.ChainView.as_view(), name="chain"),
    path("chain/rows/", chain.ChainRows.as_view(), name="chain-rows"),
]
