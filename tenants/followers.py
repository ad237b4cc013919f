"""The asking rent follows the units it is asked for (see ``parks.followers``)."""

from parks.followers import Follower, register
from tenants.services.asking import carry_on, take_back

register(Follower(begin=carry_on, cancel=take_back))
