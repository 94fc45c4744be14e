"""Line plots as SVG, with linear or logarithmic axes."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 50
COLOURS = ("#1b6ca8", "#c1440e", "#2e7d32", "#7b1fa2", "#6d4c41", "#00838f", "#9e9d24")


class Axis:
    """Values to places: `low` stands at `start`, `high` at `end`."""

    def __init__(self, values, start, end, log):
        self.log, self.start, self.end = log, start, end
        self.low, self.high = min(values), max(values)
        if log:
            self.low, self.high = 10 ** math.floor(math.log10(self.low)), 10 ** math.ceil(math.log10(self.high))
        else:
            self.low = min(0, self.low)
        if self.low == self.high:
            self.high = self.low * 10 if log else self.low + 1

    def place(self, value):
        scale = math.log10 if self.log else float
        share = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.start + share * (self.end - self.start)

    def ticks(self):
        if self.log:
            return [10.0 ** power for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]
        step = 10 ** math.floor(math.log10((self.high - self.low) / 2))
        while (self.high - self.low) / step > 8:
            step *= 2 if round(step / 10 ** math.floor(math.log10(step))) != 2 else 2.5
        count = math.floor((self.high - self.low) / step + 1e-9)
        return [self.low + step * number for number in range(count + 1)]


def label(value):
    return f"{value:g}" if value < 1e6 else f"{value:.0e}"


def lines(title, x_label, y_label, series, x_log=False, y_log=False):
    """`series`: name → [(x, y)]. On logarithmic axes what is not above 0 is left out."""
    series = {name: [(x, y) for x, y in points if (x > 0 or not x_log) and (y > 0 or not y_log)]
              for name, points in series.items()}
    points = [point for each in series.values() for point in each]
    if not points:
        points = [(1, 1)]
    x_axis = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, x_log)
    y_axis = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, y_log)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           f'font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>']
    for value in x_axis.ticks():
        x = x_axis.place(value)
        out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                   f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label(value)}</text>')
    for value in y_axis.ticks():
        y = y_axis.place(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label(value)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_label)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">'
               f'{escape(y_label)}</text>')
    for number, (name, each) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in sorted(each)]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = TOP + 12 + 20 * number
        out.append(f'<rect x="{WIDTH - RIGHT + 14}" y="{y - 9}" width="14" height="10" fill="{colour}"/>'
                   f'<text x="{WIDTH - RIGHT + 34}" y="{y}">{escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"
