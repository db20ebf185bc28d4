"""What may be told of the parts of a whole, so that no small part can be worked out.

Pure. A part below `k` is never told; it stands in the rest. Whoever knows the whole to the unit,
every told number, how many were withdrawn between two tables, and this file, must be left with at
least `room` values for each part that is below k. We suppose that he knows told numbers and the
rest to the unit, although they are rounded; and that he knows which parts were held back.

What he may learn from a decision is limited by two rules:

- The first table of a whole is chosen by the smallest number of parts that have to be held back,
  and each step holds only where other distributions would have led to the very same table.
- Every later decision is made from told numbers alone: it tells nothing that he did not know.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Rule:
    """`k`: from how many on a part is told. `room`: values that have to remain possible."""

    k: int = 10
    room: int = 5

    @property
    def step(self) -> int:
        """The most that one held-back part adds without hiding the small ones enough."""
        return self.k + self.room - 1

    def is_thin(self, parts: int, rest: int) -> bool:
        """Can a rest of small parts alone be divided in enough ways?"""
        return parts >= 2 and self.k <= rest <= (self.k - 1) * parts - (self.room - 1)


RULE = Rule()


@dataclass(frozen=True)
class Told:
    """Exact, and kept to ourselves: `shown` parts, the `rest`, and of the parts that are held back
    though they may be large, how many there are at least. `small_ones`: the most that all small
    parts of the rest are together, as far as the choice tells; None: it does not."""

    shown: dict[str, int] = field(default_factory=dict)
    rest: int = 0
    held_back: dict[str, int] = field(default_factory=dict)
    small_ones: int | None = None


# --- the first table ----------------------------------------------------------------------


def first(parts: Collection[str], counts: Counts, rule: Rule = RULE) -> Told:
    """`parts`: all that there can be, with signatures or without."""
    large = sorted((n, code) for code, n in counts.items() if n >= rule.k)
    small = len(parts) - len(large)
    among = rest = sum(counts.values()) - sum(n for n, _ in large)
    if small == 0:
        return Told({code: n for n, code in large})
    held = 0
    while held < len(large) and not _hides(held, small, rest, large[held][0], rule):
        rest, held = rest + large[held][0], held + 1
    shown = {code: n for n, code in large[held:]}
    back = {code: rule.k for _, code in large[:held]}
    return Told(shown, rest, back, _together(held, among, rest, bool(shown), rule))


def _together(held: int, among: int, rest: int, shows: bool, rule: Rule) -> int | None:
    """What the choice tells of the small ones, which are `among` in the rest."""
    if held == 0:
        return None
    if among >= rule.k:  # so many that they do not hide each other: nothing comes out soon
        return -rule.k
    if held > 1:
        return rule.room - 1
    return min(rule.k - 1, rest - rule.k) if shows else rule.k - 1


def _hides(held: int, small: int, rest: int, smallest: int, rule: Rule) -> bool:
    """Would enough other distributions give the same table? `smallest`: of those that are shown.

    With `held` = 0 the small ones hide each other. Else take worlds in which the small ones are
    0 … room - 1 together, the first held-back parts `step` at most, and the last one what is
    left: none of them was to be told earlier, and in the order of size nothing changes.
    """
    if held == 0:
        return rule.is_thin(small, rest)
    if rest <= rule.step * held:
        return False
    if held > 1:
        return rest - rule.step * (held - 1) <= smallest
    if small > 1:
        return rest - smallest < rule.k
    return rest - smallest <= min(rule.k - rule.room - 2, rest - rule.step)


# --- those after it -----------------------------------------------------------------------


def later(
    parts: Collection[str], counts: Counts, before: Told, lost: int, rule: Rule = RULE
) -> Told | None:
    """`lost`: withdrawn or removed since then, anywhere. None: nothing new can be told now."""
    if any(counts.get(code, 0) < min(rule.k, n - lost) for code, n in before.shown.items()):
        return None  # fewer than all that is known to have gone can explain: nothing is sure
    order = sorted((n, code) for code, n in before.shown.items())
    unsure = sum(1 for n, _ in order if n - lost < rule.k)
    for back in range(unsure, len(order) + 1):
        step = _Step.of(parts, counts, before, lost, [code for _, code in order[:back]], rule)
        if back > unsure:
            step = replace(step, small_ones=rule.k - 1)
        for coming in step.choices():
            if step.holds(coming):
                return step.told(coming)
        if not step.is_small:
            return None
    return None


@dataclass(frozen=True)
class _Step:
    """From one table to the next. `returned`: shown before, and in the rest from now on, because
    after what was lost they may be below k. `floors`: at least so many, of what is held back."""

    counts: Counts
    before: Told
    rule: Rule
    returned: Sequence[str]
    floors: dict[str, int]
    staying: dict[str, int]
    hidden: frozenset[str]
    small_ones: int | None

    @classmethod
    def of(
        cls,
        parts: Collection[str],
        counts: Counts,
        before: Told,
        lost: int,
        returned: Sequence[str],
        rule: Rule,
    ) -> "_Step":
        back = before.held_back | {code: before.shown[code] for code in returned}
        staying = {code: counts.get(code, 0) for code in before.shown if code not in returned}
        return cls(
            counts,
            before,
            rule,
            returned,
            {code: max(0, n - lost) for code, n in back.items()},
            staying,
            frozenset(parts) - staying.keys(),
            before.small_ones,
        )

    @property
    def is_small(self) -> bool:
        """Is the rest too little to hide anything, so that more has to stand in it?"""
        return len(self.hidden) < 2 or self._rest([]) < self.rule.k

    def choices(self) -> Iterator[list[str]]:
        """What might come out of the rest: all that is large enough, then ever less.

        What was held back stays first; then the order of the codes decides, which tells nothing.
        """
        large = [code for code in self.hidden if self.counts.get(code, 0) >= self.rule.k]
        large = [code for code in large if code not in self.returned]
        large.sort(key=lambda code: (code not in self.floors, code))
        return (large[left:] for left in range(len(large) + 1))

    def holds(self, coming: Sequence[str]) -> bool:
        rest, hidden = self._rest(coming), len(self.hidden) - len(coming)
        if not coming and not self.staying and not self.before.shown:
            return True  # nothing was told, and nothing is
        return self._rest_holds(coming, rest, hidden) and self._past_holds(coming, rest)

    def _rest(self, coming: Sequence[str]) -> int:
        told = sum(self.staying.values()) + sum(self.counts[code] for code in coming)
        return sum(self.counts.values()) - told

    def _gained(self, coming: Sequence[str], rest: int) -> int:
        """By how much what was hidden has grown."""
        returned = sum(self.before.shown[code] for code in self.returned)
        return rest + sum(self.counts[e] for e in coming) - self.before.rest - returned

    def _rest_holds(self, coming: Sequence[str], rest: int, hidden: int) -> bool:
        if hidden == 0:
            return True
        floors = self._floors(coming, rest)
        if not floors:
            return self.rule.is_thin(hidden, rest)
        known = sum(floors.values())
        if not self.floors:  # what it was together before is in it still
            known += max(0, self.before.rest - (self.rule.k - 1) * (hidden - 1))
        return hidden >= 2 and rest >= self.rule.k and rest - known >= self.rule.room - 1

    def _floors(self, coming: Sequence[str], rest: int) -> dict[str, int]:
        """Of what is held back: with those that could come but stay, where small ones alone
        would not explain the rest."""
        floors = {code: n for code, n in self.floors.items() if code not in coming}
        if floors or self.rule.is_thin(len(self.hidden) - len(coming), rest):
            return floors
        left = {
            code: self.rule.k
            for code in self.hidden
            if self.counts.get(code, 0) >= self.rule.k and code not in coming
        }
        return left

    def _past_holds(self, coming: Sequence[str], rest: int) -> bool:
        """Do the parts that come out of the rest leave enough open of what they were in it?"""
        if not coming:
            return True
        rule, gained = self.rule, self._gained(coming, rest)
        if gained < 0:
            return False
        most = {e: self.counts[e] if e in self.floors else rule.k - 1 for e in coming}
        needed = sum(self.counts[e] - most[e] for e in coming)
        least = {}
        for e in coming:
            left = gained - needed + self.counts[e] - most[e]
            low = max(0, self.counts[e] - left)
            if e not in self.floors:
                if low > rule.k - rule.room:
                    return False
            else:
                low = low if low <= rule.k - rule.room else max(low, self.floors[e])
                if self.counts[e] - low < rule.room - 1:
                    return False
            least[e] = low
        return self._others_held(coming, least)

    def _others_held(self, coming: Sequence[str], least: dict[str, int]) -> bool:
        """And of the small parts beside them?"""
        rule, before = self.rule, self.before
        small = len(self.hidden) - len(self.floors)
        backs = {code: n for code, n in before.held_back.items() if code not in least}
        left = before.rest - sum(least.values()) - sum(backs.values())
        if left < rule.room - 1:
            return False
        if not before.held_back:
            return True
        if small < 2:
            return False
        if self.small_ones is not None:
            free = rule.k - rule.room
            used = sum(
                n if n <= free or e not in self.floors else max(0, n - rule.k)
                for e, n in least.items()
            )
            if self.small_ones - used < rule.room - 1:
                return False
            # Of what was held back comes the rest of the rest; more was in the small ones.
            told = sum(self.counts[e] for e in coming if e in self.floors)
            left = before.rest - told - (self._rest(coming) if backs else 0)
            if left > self.small_ones or left - (rule.k - 1) * (small - 1) > free:
                return False
        return True

    def told(self, coming: Sequence[str]) -> Told:
        rest = self._rest(coming)
        floors = self._floors(coming, rest)
        together = self.small_ones
        if together is not None:
            together += max(0, self._gained(coming, rest))
        if floors and len(coming) < len(next(self.choices())):  # who stays tells why
            together = min(together or self.rule.k - 1, self.rule.k - 1)
        among = rest - sum(self.counts.get(code, 0) for code in floors)
        small = len(self.hidden) - len(coming) - len(floors)
        if among > (self.rule.k - 1) * small - (self.rule.room - 1):
            together = -self.rule.k
        shown = self.staying | {code: self.counts[code] for code in coming}
        return Told(shown, rest, floors, together if floors else None)
