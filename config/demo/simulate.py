"""The district from 2019-01-01 to a day, through the services, the same rows for the same seed."""

from config.demo import leases
from config.demo.applying import Applying
from config.demo.asking import ask_rents
from config.demo.chain import Chain
from config.demo.desk import Desk
from config.demo.firms import Firms
from config.demo.founder import Founder
from config.demo.ground import Ground
from config.demo.moves import plan_some_moves
from config.demo.names import OPERATORS
from config.demo.plan import PARKS
from config.demo.world import World, fresh_statistics
from config.demo.years import Years


def simulate(*, seed, on, plans=PARKS, step=lambda: None):
    """The parks of ``plans`` up to day ``on``; ``step`` is called once per piece of work done.

    One after the other: what stands on the ground, the years of letting, what is on the desk
    today, then what is known of the firms, their way through the chain, how tenants left and where
    they move, and who applies.
    """
    world = World(seed=seed, on=on)
    ground = Ground(world, step)
    for plan, operator in zip(plans, OPERATORS, strict=False):
        ground.build(plan, operator)
    Years(world, step).run(ground.slots)
    Desk(world).run(ground.anchor)
    step()
    Firms(seed=seed, on=on, by=world.users["admin"]).run()
    fresh_statistics()
    chain = Chain(seed=seed, on=on, by=world.by, names=world.names)
    chain.run()
    step()
    leases.move_out(parks=world.tenants, user_of=world.by, on=on, seed=seed)
    plan_some_moves(seed=seed, on=on, by=world.by)
    step()
    ask_rents(seed=seed, on=on, by=world.by)
    Founder(world, chain.scene).run()
    Applying(world, chain.scene).run()
