"""One process of ``test_concurrency``: settles the day's notices at the moment it is told to."""

import sys
import time
from datetime import date

import django


def main(on, start_at):
    from parks.notices import settle

    time.sleep(max(0, start_at - time.time()))
    print(*settle(on))


if __name__ == "__main__":
    django.setup()
    main(date.fromisoformat(sys.argv[1]), float(sys.argv[2]))
