from rest_framework.test import APIClient


def client(user) -> APIClient:
    """A script that acts as ``user``."""
    made = APIClient()
    made.force_authenticate(user)
    return made
