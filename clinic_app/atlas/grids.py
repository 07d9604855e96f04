"""Places on a grid of patch coordinates: from (u, t) to millimetres and back.

A grid holds places in mm, rows over u (across the fibres), columns over t (along them, 0 at the origin end).
"""

Point = tuple[float, float]
Grid = tuple[tuple[Point, ...], ...]

_NODES_TRIED = 4
_NEWTON_STEPS = 12
_INSIDE = 1e-9


def place_at(grid: Grid, u: float, t: float) -> Point:
    """The place in mm at ``u`` and ``t``, both taken as lying in 0..1."""
    row, across = _cell(u, len(grid))
    column, along = _cell(t, len(grid[0]))
    return _blend(_corners(grid, row, column), across, along)


def nearest_on(grid: Grid, x: float, y: float) -> Point:
    """The (u, t) in 0..1 of the place of the grid nearest to ``x``, ``y`` in mm."""
    best, best_distance = (0.0, 0.0), float("inf")
    for row, column in _cells_near(grid, x, y):
        across, along, distance = _nearest_in_cell(_corners(grid, row, column), (x, y))
        if distance < best_distance:
            best_distance = distance
            best = (row + across) / (len(grid) - 1), (column + along) / (len(grid[0]) - 1)
            if distance < _INSIDE:
                break
    return best


def _corners(grid: Grid, row: int, column: int) -> tuple[Point, Point, Point, Point]:
    return grid[row][column], grid[row + 1][column], grid[row][column + 1], grid[row + 1][column + 1]


def _cells_near(grid: Grid, x: float, y: float) -> list[tuple[int, int]]:
    """The cells around the nearest nodes. Several nodes, because the ends of a ring lie on each other."""
    nodes = sorted(
        ((node[0] - x) ** 2 + (node[1] - y) ** 2, row, column)
        for row, line in enumerate(grid)
        for column, node in enumerate(line)
    )
    rows, columns = len(grid) - 1, len(grid[0]) - 1
    cells: dict[tuple[int, int], None] = {}
    for _, node_row, node_column in nodes[:_NODES_TRIED]:
        for row in (node_row - 1, node_row):
            for column in (node_column - 1, node_column):
                if 0 <= row < rows and 0 <= column < columns:
                    cells[(row, column)] = None
    return list(cells)


def _cell(share: float, nodes: int) -> tuple[int, float]:
    """The cell of a row of nodes in which a share (0..1) of its length falls, and the share of that cell."""
    scaled = min(1.0, max(0.0, share)) * (nodes - 1)
    cell = min(int(scaled), nodes - 2)
    return cell, scaled - cell


def _blend(corners: tuple[Point, Point, Point, Point], across: float, along: float) -> Point:
    """Bilinear: corners are (0, 0), (1, 0), (0, 1) and (1, 1) in (across, along)."""
    weights = ((1 - across) * (1 - along), across * (1 - along), (1 - across) * along, across * along)
    return (
        sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
        sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
    )


def _nearest_in_cell(corners: tuple[Point, Point, Point, Point], wanted: Point) -> tuple[float, float, float]:
    """(across, along, distance²) of the place of a cell that is nearest to the wanted one."""
    inside = _inverted(corners, wanted)
    if inside is not None:
        return (*inside, 0.0)
    first, second, third, fourth = corners
    candidates = []
    for start, end, place in (
        (first, second, lambda share: (share, 0.0)),
        (third, fourth, lambda share: (share, 1.0)),
        (first, third, lambda share: (0.0, share)),
        (second, fourth, lambda share: (1.0, share)),
    ):
        share, distance = _nearest_on_line(start, end, wanted)
        across, along = place(share)
        candidates.append((distance, across, along))
    distance, across, along = min(candidates)
    return across, along, distance


def _inverted(corners: tuple[Point, Point, Point, Point], wanted: Point) -> tuple[float, float] | None:
    """Newton's method on the bilinear cell; None when the wanted place does not lie in it."""
    first, second, third, fourth = corners
    across = along = 0.5
    for _ in range(_NEWTON_STEPS):
        x, y = _blend(corners, across, along)
        error_x, error_y = wanted[0] - x, wanted[1] - y
        across_x = (second[0] - first[0]) * (1 - along) + (fourth[0] - third[0]) * along
        across_y = (second[1] - first[1]) * (1 - along) + (fourth[1] - third[1]) * along
        along_x = (third[0] - first[0]) * (1 - across) + (fourth[0] - second[0]) * across
        along_y = (third[1] - first[1]) * (1 - across) + (fourth[1] - second[1]) * across
        determinant = across_x * along_y - across_y * along_x
        if abs(determinant) < 1e-12:
            return None
        across += (error_x * along_y - error_y * along_x) / determinant
        along += (across_x * error_y - across_y * error_x) / determinant
        if abs(across) > 4 or abs(along) > 4:
            return None
    if not (-_INSIDE <= across <= 1 + _INSIDE and -_INSIDE <= along <= 1 + _INSIDE):
        return None
    x, y = _blend(corners, across, along)
    if (x - wanted[0]) ** 2 + (y - wanted[1]) ** 2 > _INSIDE:
        return None
    return min(1.0, max(0.0, across)), min(1.0, max(0.0, along))


def _nearest_on_line(start: Point, end: Point, wanted: Point) -> tuple[float, float]:
    """(share of the way, distance²) of the place between two points that is nearest to the wanted one."""
    run_x, run_y = end[0] - start[0], end[1] - start[1]
    squared = run_x * run_x + run_y * run_y
    share = 0.0
    if squared > 0:
        share = ((wanted[0] - start[0]) * run_x + (wanted[1] - start[1]) * run_y) / squared
        share = min(1.0, max(0.0, share))
    x, y = start[0] + share * run_x, start[1] + share * run_y
    return share, (x - wanted[0]) ** 2 + (y - wanted[1]) ** 2
