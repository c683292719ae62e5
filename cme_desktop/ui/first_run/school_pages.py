"""The school, the people who lead it, the authority, and the policies it adopts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLabel, QWidget

from cme_desktop.domain.identifiers import Laestab, Urn
from cme_desktop.policy.record import SchoolType
from cme_desktop.ui.first_run.page import WIDEST, Page, need, parse
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.policy_offers import PolicyOffer
    from cme_desktop.ui.style.theme import Theme

_TYPES: Final = (
    ("Maintained primary school", SchoolType.MAINTAINED_PRIMARY),
    ("Academy", SchoolType.ACADEMY),
    ("Free school", SchoolType.FREE_SCHOOL),
    ("Special school", SchoolType.SPECIAL),
    ("Independent school", SchoolType.INDEPENDENT),
)
_LARGEST_LOGO: Final = 1_000_000
_LOGO_SIDE: Final = 32
_OPTIONAL: Final = "May be left empty."


class SchoolPage(Page):
    """Name, address, numbers, kind and logo."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, name="Your school", title="Your school", about="This stands on the letters and records you send."
        )
        self.school = self.add_text("Name of the school")
        self.address = self.add_text("Address", hint="Parts with commas between: School Lane, Larkfield, DE4 3AG.")
        beside = QWidget()
        beside.setMaximumWidth(theme.scaled(WIDEST))
        numbers = QHBoxLayout(beside)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setSpacing(12)
        self.laestab = self.add_text("LAESTAB", hint="Seven digits: 830/2201.")
        self.urn = self.add_text("URN", hint="Six digits.")
        self.phone = self.add_text("Telephone", hint=_OPTIONAL)
        for field in (self.laestab, self.urn, self.phone):
            self.body.removeWidget(field)
            numbers.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(beside)
        self.email = self.add_text("E-mail of the office", hint=_OPTIONAL)
        self.kind = Field(theme, "Kind of school", QComboBox(), hint="Some duties differ by the kind.")
        for words, value in _TYPES:
            self.kind.control.addItem(words, value.value)
        self.kind.setMaximumWidth(theme.scaled(360))
        self.body.addWidget(self.kind)
        self._logo: bytes | None = None
        self._logo_picture = QLabel()
        self._logo_picture.hide()
        self.logo_words = Label(theme, "A PNG or JPEG picture, if you have one.", role="small", token="text2")  # noqa: S106  a colour token
        self._choose = SecondaryButton(theme, "Choose a logo", icon="upload")
        self._choose.clicked.connect(self._choose_logo)
        line = QHBoxLayout()
        line.addWidget(self._choose)
        line.addWidget(self._logo_picture)
        line.addWidget(self.logo_words, 1)
        self.body.addLayout(line)
        self.end()

    def check(self) -> bool:
        checks = (
            need(self.school, "Type the school's name."),
            parse(self.laestab, Laestab.parse),
            parse(self.urn, Urn.parse),
        )
        return all(checks)

    def answers(self) -> dict[str, Any]:
        parts = (part.strip() for part in self.address.control.text().split(","))
        return {
            "name": self.school.control.text().strip(),
            "address": tuple(part for part in parts if part),
            "laestab": self.laestab.control.text(),
            "urn": self.urn.control.text(),
            "phone": self.phone.control.text().strip(),
            "email": self.email.control.text().strip(),
            "type": SchoolType(self.kind.control.currentData()),
            "logo": self._logo,
        }

    def take_logo(self, path: Path) -> None:
        """Take a picture file as the logo."""
        try:
            picture = path.read_bytes()
        except OSError as error:
            self._refuse_logo(f"That file can’t be read: {error.strerror}. Choose another.")
            return
        image = QImage.fromData(picture)
        if len(picture) > _LARGEST_LOGO:
            self._refuse_logo("That picture is larger than 1 MB. Choose a smaller one.")
        elif image.isNull():
            self._refuse_logo("That file is no picture the program can read. Choose a PNG or JPEG.")
        else:
            self._logo = picture
            self._show_logo(image)
            self.logo_words.set_look(role="small", token="text2")  # noqa: S106  a colour token
            self.logo_words.setText(path.name)

    def _refuse_logo(self, words: str) -> None:
        self.logo_words.set_look(role="small-strong", token="now")  # noqa: S106  a colour token
        self.logo_words.setText(words)

    def _show_logo(self, image: QImage) -> None:
        side = self.theme.scaled(_LOGO_SIDE)
        kept = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        self._logo_picture.setPixmap(QPixmap.fromImage(image).scaled(2 * side, side, kept, smooth))
        self._logo_picture.setAccessibleName("The logo chosen")
        self._logo_picture.show()

    def _choose_logo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a logo", "", "Pictures (*.png *.jpg *.jpeg)")
        if name:
            self.take_logo(Path(name))


class PeoplePage(Page):
    """The head and the safeguarding lead."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="People",
            title="People",
            about="They decide and sign. Give their names as they sign. Their passwords come later.",
        )
        self.head = self.add_text("Headteacher", width=480)
        self.lead = self.add_text("Designated safeguarding lead", width=480)
        self.end()

    def check(self) -> bool:
        checks = (
            need(self.head, "Type the headteacher's name."),
            need(self.lead, "Type the safeguarding lead's name."),
        )
        return all(checks)

    def answers(self) -> dict[str, Any]:
        return {"head": self.head.control.text().strip(), "safeguarding_lead": self.lead.control.text().strip()}


class AuthorityPage(Page):
    """Where referrals and returns go."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="Authority",
            title="Your local authority",
            about="Referrals and returns go to its children missing education team. More can be added in Contacts.",
        )
        self.authority = self.add_text("Name of the authority", hint="As it writes itself: Derbyshire.", width=480)
        self.phone = self.add_text("Telephone of the children missing education team", hint=_OPTIONAL, width=480)
        self.email = self.add_text("E-mail of the children missing education team", hint=_OPTIONAL, width=480)
        self.end()

    def check(self) -> bool:
        return need(self.authority, "Type the authority's name.")

    def answers(self) -> dict[str, Any]:
        return {
            "authority_name": self.authority.control.text().strip(),
            "authority_phone": self.phone.control.text().strip(),
            "authority_email": self.email.control.text().strip(),
        }


class PolicyPage(Page):
    """The policies that come with the program: at most one authority's, and one of the school's own to start from."""

    def __init__(self, theme: Theme, policies: tuple[PolicyOffer, ...]) -> None:
        super().__init__(
            theme,
            name="Your policy",
            title="Your policy",
            about="The law is always in force. A policy adds your school's own steps, clock times and limits.",
        )
        self._theme = theme
        own = tuple(policy for policy in policies if not policy.is_authority)
        authorities = tuple(policy for policy in policies if policy.is_authority)
        self.choices = (
            *self._add_group("Your local authority’s", authorities),
            *self._add_group("Your school’s own", own),
        )
        words = (
            "Tick at most one of each, and only what is really yours. With none ticked, the law alone is used."
            " File > The school’s policy adopts or changes one later."
        )
        said = Label(theme, words if policies else "No policy comes with it yet.", wraps=True)
        said.setMaximumWidth(theme.scaled(WIDEST))
        self.body.addWidget(said)
        self.end()

    def answers(self) -> dict[str, Any]:
        return {"policies": tuple(policy for policy, box in self.choices if box.isChecked())}

    def _add_group(self, heading: str, policies: tuple[PolicyOffer, ...]) -> tuple[tuple[str, QCheckBox], ...]:
        """Offer the policies of a kind: ticking one takes the tick from the others."""
        boxes = tuple(QCheckBox(policy.title) for policy in policies)
        if boxes:
            self.body.addWidget(Label(self._theme, heading, role="heading"))
        for policy, box in zip(policies, boxes, strict=True):
            box.setFont(self._theme.font("body-strong"))
            box.setAccessibleDescription(policy.about)
            box.toggled.connect(partial(_leave_only, box, boxes))
            self.body.addWidget(box)
            about = Label(self._theme, policy.about, role="small", token="text2", wraps=True)  # noqa: S106  a colour token
            about.setMaximumWidth(self._theme.scaled(WIDEST))
            about.setContentsMargins(self._theme.scaled(26), 0, 0, 0)
            self.body.addWidget(about)
        return tuple((policy.id, box) for policy, box in zip(policies, boxes, strict=True))


def _leave_only(box: QCheckBox, boxes: tuple[QCheckBox, ...], is_ticked: bool) -> None:  # noqa: FBT001  the slot of a Qt signal
    for other in boxes:
        if is_ticked and other is not box:
            other.setChecked(False)
