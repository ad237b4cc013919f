app_name = "maps"
urlpatterns = []
