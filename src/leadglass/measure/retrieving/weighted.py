"""Of an archive that was sampled, studies are drawn as likely as each stands for images of the whole archive.

A record of the sample stands for its images over how often it was to be expected (`sampling/estimate.py`); drawn by
these weights, studies are those of the archive by images, but for what no question of the sample reached.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random, SystemRandom

from leadglass.measure.retrieving.lots import PLACES, Listed, Lots
from leadglass.measure.sampling.estimate import Draw, expected

_CHANCE = SystemRandom()


def weighted_lots(draws: Sequence[Draw], known: Mapping[bytes, Listed], chance: Random = _CHANCE) -> Lots:
    """Lots of the studies in `draws` that are `known` by what tells one study from another.

    They can tell no more than the sample does: as much as (Σ w)² / Σ w² studies drawn singly, w the weights of what
    was drawn together (L. Kish, Survey Sampling, 1965).
    """
    often = expected(draws)
    studies: list[Listed] = []
    weights: list[float] = []
    together: defaultdict[object, float] = defaultdict(float)
    for draw in draws:
        for unit in draw.units:
            one = known.get(unit.study)
            if one is None or not unit.images:
                continue
            studies.append(one)
            weights.append(draw.frame.worth * unit.images / often(unit))
            together[unit.patient if draw.frame.clustered else unit.study] += weights[-1]
    if not studies:
        return Lots(chance)
    effective = sum(weights) ** 2 / sum(weight**2 for weight in together.values())
    return Lots.of(chance.choices(studies, weights, k=PLACES), effective, chance)
