"""The duty to report what changed about a carrier: within 3 months (国科发区〔2018〕300号).

A term of months ends with the day of the same number, or with the month's last day (民法典 202).
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

REPORT_MONTHS = relativedelta(months=3)
#: So many days before the last day the park is warned.
REPORT_WARNING_DAYS = 30


def report_by(effective_on: date) -> date:
    """The last day on which a report of the change is in time."""
    return effective_on + REPORT_MONTHS


def first_in_time(on: date) -> date:
    """The earliest effective day whose change may still be reported in time on ``on``."""
    day = on - REPORT_MONTHS
    return day if report_by(day) >= on else day + timedelta(days=1)
