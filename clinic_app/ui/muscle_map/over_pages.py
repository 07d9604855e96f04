"""What lies over the map and the visit for a while: the signing page, and the page of two people's changes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.chart_data import ChartContent
from clinic_app.ui.muscle_map.chart_desk import ChartDesk
from clinic_app.ui.muscle_map.chart_merging import Conflict
from clinic_app.ui.muscle_map.conflict_page import ConflictPage
from clinic_app.ui.muscle_map.sign_page import SignPage
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.workplace import Workplace


class OverPages(QObject):
    """Shows one page over the others at a time, and goes back."""

    def __init__(
        self,
        workplace: Workplace,
        desk: ChartDesk,
        pages: QStackedWidget,
        name_of: Callable[[int], str],
        notice: Callable[[], Notice | None],
    ) -> None:
        super().__init__(pages)
        self._workplace = workplace
        self._desk = desk
        self._pages = pages
        self._name_of = name_of
        self._notice = notice
        self._page: QWidget | None = None
        self._conflict: Conflict | None = None
        desk.left.connect(self._left)
        desk.sign_refused.connect(self._sign_refused)
        desk.changed_elsewhere.connect(self._changed_elsewhere)
        desk.taken_in.connect(self._taken_in)

    @property
    def sign_page(self) -> SignPage | None:
        """The page on which the visit is signed, when it is in front."""
        return self._page if isinstance(self._page, SignPage) else None

    @property
    def conflict_page(self) -> ConflictPage | None:
        """The page of two people's changes, when it is in front."""
        return self._page if isinstance(self._page, ConflictPage) else None

    def review(self) -> None:
        """Show the page on which the visit is signed; first things first when two people changed the chart."""
        chart = self._desk.chart
        if chart is None or self._page is not None:
            return
        if self._conflict is not None:
            self._look_at_both()
            return
        page = SignPage(chart, self._desk.banner, self._name_of, self._workplace, self._pages)
        page.back_wanted.connect(self.leave)
        page.sign_wanted.connect(self._desk.sign)
        self._show(page)
        page.focus_first()

    @Slot()
    def leave(self) -> bool:
        """Back to the map and the visit. False when they are in front already."""
        page, self._page = self._page, None
        if page is None:
            return False
        self._pages.setCurrentIndex(0)
        self._pages.removeWidget(page)
        page.hide()
        page.deleteLater()
        if self._conflict is not None:
            self._tell(self._conflict)  # put off, not decided
        return True

    def _show(self, page: QWidget) -> None:
        self._page = page
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    @Slot()
    def _left(self) -> None:
        self._conflict = None
        self.leave()

    @Slot(object)
    def _sign_refused(self, error: ClinicError) -> None:
        page = self.sign_page
        if page is not None:
            page.show_error(error)

    @Slot(object)
    def _changed_elsewhere(self, conflict: Conflict) -> None:
        self._conflict = conflict
        if not self.leave():
            self._tell(conflict)

    def _tell(self, conflict: Conflict) -> None:
        notice = self._notice()
        if notice is not None:
            notice.offer(
                f"{conflict.saved_by} changed this chart after you opened it. Choose what goes on.",
                Level.WARN,
                ("Look at both", self._look_at_both),
                ("Keep mine as a new chart", self._desk.keep_apart),
            )

    @Slot(str)
    def _taken_in(self, sentence: str) -> None:
        notice = self._notice()
        if notice is not None:
            notice.say(sentence, Level.INFO)

    def _look_at_both(self) -> None:
        if self._conflict is None:
            return
        self._conflict = self._desk.with_mine_now(self._conflict)
        patient = self._desk.banner.name if self._desk.banner is not None else ""
        page = ConflictPage(self._conflict, patient, self._pages)
        page.back_wanted.connect(self.leave)
        page.chosen.connect(self._go_on)
        page.kept_apart.connect(self._desk.keep_apart)
        self._show(page)
        page.setFocus()

    @Slot(object)
    def _go_on(self, content: ChartContent) -> None:
        conflict, self._conflict = self._conflict, None
        self.leave()
        notice = self._notice()
        if notice is not None:
            notice.hide()
        if conflict is not None:
            self._desk.go_on(conflict, content)
