"""The shading recipe of one muscle: shadow, base, roundness, fibres, tendons, rim and outline (mm)."""

import math

import numpy as np

from tools.atlas.bellies import cut_face, pennate_fibres
from tools.atlas.curves import Array, slivers
from tools.atlas.display_list import DisplayList
from tools.atlas.look import Look, random_of
from tools.atlas.palette import Tones
from tools.atlas.patches import Patch
from tools.atlas.relief import drop_shadow, facing


def shade_muscle(target: DisplayList, patch: Patch, look: Look, tones: Tones, part: str, family: str) -> None:
    """Paint one muscle part.

    ``part`` seeds the fibres (id with side), ``family`` the colour jitter (id without side).
    """
    _MuscleShader(target, patch, look, tones, part, family).paint()


class _MuscleShader:
    """The steps of the recipe on one patch."""

    def __init__(self, target: DisplayList, patch: Patch, look: Look, tones: Tones, part: str, family: str) -> None:
        self.target = target
        self.patch = patch
        self.look = look
        self.part = part
        self.random = random_of(part)
        jitter = float(random_of(family).uniform(-0.07, 0.09))
        self.tones = tones.jittered(jitter)
        self.width = patch.mean_width()
        self.fade = patch.fade
        self.outlines = patch.outlines()
        self.facing = facing(patch)
        """Positive: border b looks to the light."""
        self.ends = [1.0] * 9 if not self.fade else [1 - self.fade * ((5 * i) % 9) / 9 for i in range(9)]

    def paint(self) -> None:
        """All steps, in order."""
        self._shadow()
        self._base()
        self.target.clip(self.outlines, self.patch.closed)
        self._cylinder()
        self._rolling_ends()
        self._fibres()
        self._intersections()
        for at_insertion in (False, True):
            self._tendon(at_insertion)
        self._rim()
        self.target.unclip()
        if self.look.pennate is not None:
            pennate_fibres(self.target, self.patch, self.look.pennate, self.tones, self.part)
        self._outline()
        for end, thickness in enumerate(self.look.cut):
            if thickness > 0:
                cut_face(self.target, self.patch, end == 1, thickness, self.tones, self.part)

    def _ragged_end(self, level: float) -> Array:
        """End of a fading sheet as t over u; level 0 is the longest."""
        count = max(12, int(self.width / 1.2))
        noise = self.random.uniform(-0.35, 0.35, count)
        return np.clip(1 - self.fade * (level + noise * min(1.0, 4 * level)), 0.05, 1.0)

    def _shadow(self) -> None:
        if self.look.shadow <= 0:
            return
        if not self.fade:
            drop_shadow(self.target, self.outlines, self.look.shadow, 0.42)
            return
        for step in range(1, 6):
            piece = self.patch.strip(0, 1, 0, 1 - self.fade * (0.3 + 0.14 * step))
            drop_shadow(self.target, (piece,), self.look.shadow, 0.42 / 5)

    def _base(self) -> None:
        opacity = self.look.opacity
        if not self.fade:
            self.target.fill(self.outlines, self.tones.base, opacity, self.patch.closed)
            return
        steps = 14
        alpha = 1 - (1 - min(opacity, 0.995)) ** (1 / steps)
        for step in range(steps):
            self.target.fill([self.patch.part_to(self._ragged_end(step / steps))], self.tones.base, alpha)

    def _cylinder(self) -> None:
        """Dark borders and a highlight along the middle, both leaning with the light."""
        bulge, tones, patch = self.look.bulge, self.tones, self.patch
        depth_a, depth_b = 0.30 + 0.24 * self.facing, 0.30 - 0.24 * self.facing
        if patch.closed:
            depth_a, depth_b = 0.16, 0.30
        steps = 12
        for step in range(steps):
            reach = 0.40 * ((step + 1) / steps) ** 2
            alpha = 2.0 * bulge / steps
            self.target.fill([patch.strip(0, reach, 0, self.ends[step % 9])], tones.dark, depth_a * alpha)
            self.target.fill([patch.strip(1 - reach, 1, 0, self.ends[(step + 4) % 9])], tones.dark, depth_b * alpha)
        centre = 0.5 + 0.17 * self.facing
        start, stop = (0.0, 1.0) if patch.closed else (0.05, 0.95)
        for step in range(steps):
            half = 0.31 * (1 - step / steps)
            shrink = 0.0 if patch.closed else 0.06 * step / steps
            end = min(stop - shrink, self.ends[(step + 2) % 9])
            self.target.fill(
                [patch.strip(centre - half, centre + half, start + shrink, end)],
                tones.light,
                self.look.highlight * bulge / steps,
            )

    def _rolling_ends(self) -> None:
        if self.patch.closed:
            return
        for step in range(1, 9):
            reach = 0.13 * step / 8
            self.target.fill([self.patch.strip(0, 1, 0, reach)], self.tones.dark, 0.038 * self.look.bulge)
            if not self.fade:
                self.target.fill([self.patch.strip(0, 1, 1 - reach, 1)], self.tones.dark, 0.038 * self.look.bulge)

    def _fibres(self) -> None:
        """Long wavering fibres and shorter light and dark ones, as tapered slivers in a few batches."""
        random, patch, closed = self.random, self.patch, self.patch.closed
        fine = self.look.fineness
        count = int(np.clip(self.width / 1.05 * self.look.fibres / fine, 6, 140))
        dark: list[list[Array]] = [[], [], []]
        light: list[list[Array]] = [[], []]
        for index in range(count):
            u = (index + 0.5 + random.uniform(-0.35, 0.35)) / count
            swing, phase = random.uniform(0.1, 0.5) / count, random.uniform(0, math.tau)
            if closed:
                t = np.linspace(random.uniform(0, 0.12), random.uniform(0.88, 1), 44)
            else:
                t = np.linspace(random.uniform(0, 0.06), 1 - random.uniform(0, self.fade or 0.06), 22)
            waves = (1, 1, 2)[int(random.integers(3))]
            dark[index % 3].append(patch.point(u + swing * np.sin(t * math.tau * waves + phase), t))
        for _ in range(int(count * 1.9)):
            u = random.uniform(0, 1)
            start = random.uniform(0.02, 0.75) * (1 - self.fade)
            end = min(0.98 - self.fade * 0.8, start + random.uniform(0.10, 0.35))
            fibre = patch.point(u, np.linspace(start, end, 16 if closed else 9))
            family = light if random.uniform() < 0.55 else dark
            family[int(random.integers(2))].append(fibre)
        for fibres, width, alpha in zip(dark, (0.25, 0.40, 0.52), (0.50, 0.34, 0.26), strict=True):
            self.target.fill(slivers(fibres, width * fine), self.tones.dark, alpha)
        for fibres, width, alpha in zip(light, (0.35, 0.60), (0.40, 0.24), strict=True):
            self.target.fill(slivers(fibres, width * fine), self.tones.light, alpha)

    def _intersections(self) -> None:
        """Tendinous intersections: many tiny pale streaks in a wavy band."""
        for place in self.look.intersections:
            count = int(self.width / 0.32)
            size = self.patch.mean_length()
            streaks: list[Array] = []
            for index in range(count):
                u = (index + self.random.uniform()) / count
                middle = place + 0.010 * math.sin(u * 5 + place * 40) + self.random.normal(0, 0.7) / size
                half = self.random.uniform(0.5, 1.5) / size
                streaks.append(self.patch.point(u, np.linspace(middle - half, middle + half, 4)))
            self.target.fill(slivers(streaks, 0.9), self.tones.tendon, 0.34)
            self.target.fill(slivers(streaks[::3], 0.6), self.tones.tendon, 0.35)

    def _tendon(self, at_insertion: bool) -> None:
        """Pale pointed tongues that interdigitate with the red of the belly."""
        part = self.look.tendon[1 if at_insertion else 0]
        if part <= 0:
            return
        random, patch = self.random, self.patch
        count = max(8, int(self.width / 0.9))

        def along(values: Array) -> Array:
            return 1 - values if at_insertion else values

        for shorter, alpha in ((1.0, 0.30), (0.84, 0.42), (0.66, 0.60), (0.46, 0.85)):
            tongues: list[Array] = []
            for index in range(count):
                reach = part * shorter * random.uniform(0.7, 1.2)
                if self.look.aponeurosis:
                    hump = math.sin(math.pi * min(1.0, (index + 0.5) / count))
                    reach *= 1 - self.look.aponeurosis + self.look.aponeurosis * hump
                left, right = index / count - 0.003, (index + 1) / count + 0.003
                t = np.linspace(0, max(reach, 1e-3), 8)
                narrowing = (t / t[-1]) ** 6
                middle = (left + right) / 2
                one = patch.point(left + (middle - left) * narrowing, along(t))
                other = patch.point(right + (middle - right) * narrowing, along(t))
                tongues.append(np.concatenate([one, other[::-1]]))
            self.target.fill(tongues, self.tones.tendon, alpha)
        lines = [
            patch.point(
                (index + random.uniform()) / (count * 1.3), along(np.linspace(0, part * random.uniform(0.4, 1.0), 6))
            )
            for index in range(int(count * 1.3))
        ]
        self.target.fill(slivers(lines, 0.28), self.tones.tendon_dark, 0.5)
        if self.look.aponeurosis > 0.5:
            return  # a broad sheet is flat: no round borders
        lit_a, lit_b = (0.6, 1.0) if self.facing > 0 else (1.0, 0.6)
        start, stop = (1 - part * 0.9, 1.0) if at_insertion else (0.0, part * 0.9)
        for step in range(1, 7):
            reach = 0.05 * step
            self.target.fill([patch.strip(0, reach * lit_a, start, stop, 8)], self.tones.tendon_dark, 0.05)
            self.target.fill([patch.strip(1 - reach * lit_b, 1, start, stop, 8)], self.tones.tendon_dark, 0.05)

    def _rim(self) -> None:
        """A light line on the border that faces the light, a dark one on the other."""
        if self.patch.closed or self.fade:
            return
        t = np.linspace(0, 1, 40)
        for u, towards in ((0.0, -self.facing), (1.0, self.facing)):
            line = [self.patch.point(u, t)]
            colour, width = (self.tones.light, 1.6) if towards > 0 else (self.tones.dark, 2.4)
            for part, share in ((1.0, 0.45), (0.5, 0.55)):
                self.target.stroke(line, colour, width * part, 0.4 * abs(towards) * share, closed=False)

    def _outline(self) -> None:
        """Sides strong, ends soft: the muscle melts into the bone."""
        tones, width = self.tones, self.look.outline
        if self.patch.closed:
            self.target.stroke(self.outlines, tones.outline, width, 0.8 * self.look.side_outline)
            return
        t = np.linspace(0, 1, 60)
        if not self.fade:
            start, stop = (0.7 * part for part in self.look.tendon)
            if start or stop:
                sides = [self.patch.point(0.0, t), self.patch.point(1.0, t)]
                self.target.stroke(sides, tones.tendon_dark, width * 0.7, self.look.side_outline * 0.8, closed=False)
            belly = start + (1 - start - stop) * t
            sides = [self.patch.point(0.0, belly), self.patch.point(1.0, belly)]
            for share in (1.0, 0.55):
                self.target.stroke(sides, tones.outline, width * share, 0.7 * self.look.side_outline, closed=False)
        else:
            share = 1 - (1 - self.look.side_outline) ** (1 / 4)
            for step in range(4):
                shorter = t * (1 - self.fade * (0.35 + 0.2 * step))
                sides = [self.patch.point(0.0, shorter), self.patch.point(1.0, shorter)]
                self.target.stroke(sides, tones.outline, width, share, closed=False)
        u = np.linspace(0, 1, max(40, self.patch.grid.shape[0]))
        for end, part in enumerate(self.look.tendon):
            if self.fade and end == 1:
                continue
            line = [self.patch.point(u, float(end))]
            if part > 0:
                self.target.stroke(line, tones.tendon_dark, width * 0.7, 0.7, closed=False)
            else:
                self.target.stroke(line, tones.outline, width * 0.7, self.look.side_outline, closed=False)
