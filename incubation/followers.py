"""A carrier's space follows the units it rides on (see ``parks.followers``)."""

from incubation.services.spaces import carry_on, take_back
from parks.followers import Follower, register

register(Follower(begin=carry_on, cancel=take_back))
