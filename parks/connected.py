"""The smallest connected set of a graph whose weights reach a sum: exact, within a cap on work."""

from dataclasses import dataclass
from itertools import accumulate

#: Sets looked at before the search stops and says so.
WORK = 60_000


@dataclass(frozen=True, slots=True)
class Found:
    """``nodes``: the set, sorted; ``exact``: nothing smaller or closer exists, it is proven."""

    nodes: tuple
    weight: int
    exact: bool
    work: int


def smallest_set(weights: dict, neighbours: dict, wanted: int, *, work: int = WORK) -> Found | None:
    """Fewest connected nodes with Σ weight ≥ ``wanted``, then the least surplus; None if there is
    none.

    ``weights``: whole numbers above zero by node; ``neighbours``: set of nodes by node, symmetric.
    A greedy answer comes first and bounds the size; then connected sets are grown, each once, size
    by size, heaviest node first, and left where the heaviest nodes still allowed cannot reach the
    sum, or the lightest already overshoot the best. When the cap on ``work`` is hit the best so far
    is returned as not ``exact``.
    """
    best, search = None, _Search(weights, neighbours, wanted, work)
    parts = [
        sorted(part, key=lambda node: (-weights[node], node))
        for part in components(weights, neighbours)
        if sum(weights[node] for node in part) >= wanted
    ]
    for part in parts:
        for seed in part:
            best = _better(best, search.greedy(seed), weights)
            if len(best) == 1:
                break
    if best is None:
        return None
    exact = True
    sizes = range(min(search.fewest(part) for part in parts), len(best) + 1)
    for size in sizes:
        known = best if len(best) == size else None
        known, done = search.of_size(parts, size, known)
        exact = exact and done
        if known is not None and len(known) <= len(best):
            best = _better(best, known, weights)
            break
        if not done:
            break
    return Found(tuple(sorted(best)), sum(weights[n] for n in best), exact, search.work)


def _better(one, other, weights):
    if one is None or other is None:
        return other if one is None else one
    return min(one, other, key=lambda nodes: (len(nodes), sum(weights[n] for n in nodes)))


def components(nodes, neighbours):
    """The connected parts of ``nodes``, as sets, that of the least node first."""
    left = set(nodes)
    while left:
        part, edge = set(), [min(left)]
        while edge:
            node = edge.pop()
            if node not in part:
                part.add(node)
                edge.extend(neighbours.get(node, set()) & left - part)
        left -= part
        yield part


def connected_sets(nodes, neighbours, *, most, limit, full) -> list[tuple]:
    """The connected sets of 2 to ``most`` of ``nodes``, each once and sorted, the fewest first.

    ``full``: of a set that need not grow. No more than the first ``limit``.
    """
    found, level = [], [(node,) for node in sorted(nodes)]
    while level and len(level[0]) < most and len(found) < limit:
        grown = {}
        for one in level:
            edge = set() if full(one) else set().union(*(neighbours[n] for n in one)) - set(one)
            for node in sorted(edge):
                grown[tuple(sorted((*one, node)))] = True
        level = list(grown)[: limit - len(found)]
        found += level
    return found


class _Spent(Exception):  # noqa: N818 - ends the search, it is no error
    pass


class _Search:
    def __init__(self, weights, neighbours, wanted, limit):
        self.weights, self.wanted, self.limit = weights, wanted, limit
        self.neighbours = {n: set(neighbours.get(n, ())) & set(weights) for n in weights}
        self.work = 0

    def greedy(self, seed):
        """A connected set that reaches the sum: from ``seed`` on, always the heaviest beside it, or
        the lightest that finishes."""
        taken, total, edge = {seed}, self.weights[seed], set(self.neighbours[seed])
        while total < self.wanted:
            need = self.wanted - total
            enough = [n for n in edge if self.weights[n] >= need]
            node = (min if enough else max)(enough or edge, key=lambda n: (self.weights[n], n))
            taken.add(node)
            total += self.weights[node]
            edge = (edge | self.neighbours[node]) - taken
        return frozenset(taken)

    def fewest(self, part):
        """How many of the heaviest nodes of ``part`` reach the sum: no set has fewer."""
        sums = accumulate(self.weights[node] for node in part)
        return next(i for i, total in enumerate(sums, 1) if total >= self.wanted)

    def of_size(self, parts, size, known):
        """The set of ``size`` nodes with the least surplus (or None), and whether that is proven."""
        self.best = known
        self.best_weight = sum(self.weights[n] for n in known) if known else None
        try:
            for part in parts:
                if len(part) < size or sum(self.weights[n] for n in part[:size]) < self.wanted:
                    continue
                if self.best and self.best_weight <= sum(self.weights[n] for n in part[-size:]):
                    continue
                self.part, banned = part, set()
                for root in part:
                    self.grow({root}, self.weights[root], self.neighbours[root] - banned,
                              banned | {root}, size - 1)  # fmt: skip
                    banned.add(root)
        except _Spent:
            return self.best, False
        return self.best, True

    def grow(self, taken, total, edge, banned, left):
        """``banned``: taken or left out for good; ``edge``: neighbours that may still come."""
        self.work += 1
        if self.work > self.limit:
            raise _Spent
        if left == 0:
            self.offer(taken, total)
            return
        if left == 1:
            enough = [n for n in edge if total + self.weights[n] >= self.wanted]
            if enough:
                node = min(enough, key=lambda n: (self.weights[n], n))
                self.offer(taken | {node}, total + self.weights[node])
            return
        most = least = total
        count = 0
        for node in self.part:
            if node not in banned:
                most += self.weights[node]
                count += 1
                if count == left:
                    break
        if count < left or most < self.wanted or self.best_weight == self.wanted:
            return
        if self.best is not None:
            lightest = [n for n in reversed(self.part) if n not in banned][:left]
            least += sum(self.weights[n] for n in lightest)
            if least >= self.best_weight:
                return
        banned = set(banned)
        for node in sorted(edge, key=lambda n: (-self.weights[n], n)):
            banned.add(node)
            # ``edge`` is filtered by what is banned by now, so every set is met once
            self.grow(taken | {node}, total + self.weights[node],
                      (edge | self.neighbours[node]) - banned, banned, left - 1)  # fmt: skip

    def offer(self, nodes, total):
        if total >= self.wanted and (self.best is None or total < self.best_weight):
            self.best, self.best_weight = frozenset(nodes), total
