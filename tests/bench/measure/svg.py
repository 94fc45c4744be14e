"""Plots as plain SVG: curves over a linear or logarithmic axis, bars of ratios. No package is needed."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 55
COLOURS = ["#b35806", "#2166ac", "#5aae61", "#762a83", "#666666"]
MAX_POINTS = 400


class _Axis:
    """From data to pixels, with ticks at round numbers."""

    def __init__(self, low, high, begin, end, log):
        self.log = log
        if log:
            low, high = max(low, 1e-9), max(high, low * 1.0001, 1e-9)
            self.low, self.high = math.floor(math.log10(low)), math.ceil(math.log10(high))
            self.high = max(self.high, self.low + 1)
        else:
            self.low, self.high = low, high if high > low else low + 1
        self.begin, self.end = begin, end

    def at(self, value):
        if self.log:
            value = math.log10(max(value, 10.0**self.low))
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self):
        if self.log:
            return [10.0**power for power in range(self.low, self.high + 1)]
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 4))
        for factor in (1, 2, 5, 10):
            if (self.high - self.low) / (step * factor) <= 6:
                step *= factor
                break
        first = math.ceil(self.low / step)
        return [step * number for number in range(first, math.floor(self.high / step) + 1)]


def _text(x, y, text, anchor="middle", size=13, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{more}>{escape(text)}</text>'


def _frame(title, parts, height=HEIGHT):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(WIDTH / 2, 24, title, size=15), *parts, "</svg>", ""])


def _axes(x, y, x_title, y_title):
    bottom, top = HEIGHT - BOTTOM, TOP
    parts = []
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(f'<line x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(_text(at, bottom + 18, f"{tick:g}"))
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{tick:g}", anchor="end"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_title))
    parts.append(_text(18, (top + bottom) / 2, y_title, more=f' transform="rotate(-90 18 {(top + bottom) / 2:.1f})"'))
    return parts


def _curve(points, x, y, colour):
    path = " ".join(f"{x.at(px):.1f},{y.at(py):.1f}" for px, py in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _legend(names):
    return [part for number, name in enumerate(names) for part in (
        f'<rect x="{LEFT + 10 + 150 * number}" y="32" width="12" height="12" fill="{COLOURS[number]}"/>',
        _text(LEFT + 27 + 150 * number, 43, name, anchor="start"))]


def lines(title, x_title, y_title, curves, *, log_x=False, log_y=False):
    """`curves`: name → [(x, y)]."""
    curves = {name: points for name, points in curves.items() if points}
    if not curves:
        return _frame(title, [_text(WIDTH / 2, HEIGHT / 2, "nothing was measured")])
    xs = [px for points in curves.values() for px, _ in points]
    ys = [py for points in curves.values() for _, py in points]
    x = _Axis(min(xs) if log_x else min(0, *xs), max(xs), LEFT, WIDTH - RIGHT, log_x)
    y = _Axis(min(ys) if log_y else 0, max(ys), HEIGHT - BOTTOM, TOP, log_y)
    parts = _axes(x, y, x_title, y_title)
    parts += [_curve(points, x, y, COLOURS[number]) for number, points in enumerate(curves.values())]
    return _frame(title, parts + _legend(curves))


def distribution(title, x_title, curves):
    """Cumulative shares, in per cent, over a logarithmic axis. `curves`: name → [value]."""
    shares = {}
    for name, values in curves.items():
        ordered = sorted(values)
        step = max(1, len(ordered) // MAX_POINTS)
        kept = [(ordered[at], 100 * (at + 1) / len(ordered)) for at in range(0, len(ordered), step)]
        if ordered:
            kept.append((ordered[-1], 100.0))
        shares[name] = kept
    return lines(title, x_title, "per cent", shares, log_x=True)


def ratios(title, bars):
    """`bars`: [(label, ratio, low, high, promised or None)] on a logarithmic axis that begins at 1."""
    row = 26
    height = TOP + row * len(bars) + 50
    left = 300
    finite = [bar for bar in bars if math.isfinite(bar[3])]
    x = _Axis(1, max([bar[3] for bar in finite] + [bar[4] or 1 for bar in bars] + [10]), left, WIDTH - 60, True)
    parts = []
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP - 8}" x2="{at:.1f}" y2="{height - 40}" stroke="#ddd"/>')
        parts.append(_text(at, height - 22, f"{tick:g}×"))
    for number, (label, ratio, low, high, promised) in enumerate(bars):
        y = TOP + row * number
        far = WIDTH - 60
        end = x.at(ratio) if math.isfinite(ratio) else far
        parts.append(_text(left - 8, y + 13, label, anchor="end", size=12))
        parts.append(f'<rect x="{left}" y="{y + 3}" width="{max(end - left, 1):.1f}" height="13" fill="{COLOURS[1]}"/>')
        ends = [x.at(value) if math.isfinite(value) else far for value in (max(low, 1), max(high, 1))]
        parts.append(f'<line x1="{ends[0]:.1f}" y1="{y + 9.5}" x2="{ends[1]:.1f}" y2="{y + 9.5}" stroke="black"/>')
        if promised:
            at = x.at(promised)
            parts.append(f'<line x1="{at:.1f}" y1="{y}" x2="{at:.1f}" y2="{y + 19}" stroke="{COLOURS[0]}" stroke-width="3"/>')
    return _frame(title, parts, height)
