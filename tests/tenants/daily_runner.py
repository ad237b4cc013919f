"""One process of ``test_concurrency``: settles the day's notices at the moment it is told to."""

from datetime import date

from django.urls import get_resolver

from parks.notices import settle

#: Read before the processes divide, so that none is still reading while another settles.
ADDRESSES = get_resolver().url_patterns


def main(ready, on):
    ready()
    return settle(date.fromisoformat(on))
