"""The school, the people who lead it, the authority, and the policies it adopts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import Laestab, Urn
from cme_desktop.outside_file import read_outside_file
from cme_desktop.policy.record import SchoolType
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box
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
            picture = read_outside_file(path, largest=_LARGEST_LOGO, what="The picture", remedy="Choose a smaller one.")
        except BadInputError:
            self._refuse_logo("That picture is larger than 1 MB. Choose a smaller one.")
            return
        except OSError as error:
            self._refuse_logo(f"That file can’t be read: {error.strerror}. Choose another.")
            return
        image = QImage.fromData(picture)
        if image.isNull():
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
    """The policies that come with the program: one of a local authority, one of the school; the law is always there."""

    def __init__(self, theme: Theme, policies: tuple[PolicyOffer, ...]) -> None:
        super().__init__(
            theme,
            name="Your policy",
            title="Your policy",
            about="The law is always in force. A policy adds your school's own steps, clock times and limits.",
        )
        self._titles = {policy.id: policy.title for policy in policies}
        self.own = _PolicyChoice(
            theme, "Your school's own policy", tuple(one for one in policies if not one.is_authority)
        )
        self.authority = _PolicyChoice(
            theme, "Your local authority's policy", tuple(one for one in policies if one.is_authority)
        )
        for choice in (self.own, self.authority):
            choice.setMaximumWidth(theme.scaled(WIDEST))
            self.body.addWidget(choice)
        words = (
            "Choose one only if it is yours. With none chosen, the law alone is used."
            " File > The school’s policy adopts or changes one later."
        )
        said = Label(theme, words, token="text2", wraps=True)  # noqa: S106  a colour token
        said.setMaximumWidth(theme.scaled(WIDEST))
        self.body.addWidget(said)
        self.own.box.currentIndexChanged.connect(self._take_own)
        self.end()

    def answers(self) -> dict[str, Any]:
        chosen = (self.own.chosen, self.authority.chosen)
        brought = self.own.chosen.brings if self.own.chosen else ()
        ids = (policy.id for policy in chosen if policy is not None)
        return {"policies": tuple(dict.fromkeys((*ids, *brought)))}

    def _take_own(self) -> None:
        own = self.own.chosen
        brought = own.brings if own else ()
        self.authority.fix(brought[0] if brought else None)
        self.edited.emit()


class _PolicyChoice(QWidget):
    """None, or one of several policies, with a sentence about the one chosen."""

    def __init__(self, theme: Theme, label: str, policies: tuple[PolicyOffer, ...]) -> None:
        super().__init__()
        choices: list[tuple[str, PolicyOffer | None]] = [("None", None), *((one.title, one) for one in policies)]
        self.box: ChoiceBox[PolicyOffer | None] = choice_box(choices)
        self._policies = policies
        self._about = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(Field(theme, label, self.box))
        layout.addWidget(self._about)
        self.box.currentIndexChanged.connect(self._say)
        self._say()

    @property
    def chosen(self) -> PolicyOffer | None:
        """The policy chosen, if any."""
        return self.box.chosen

    def fix(self, policy_id: str | None) -> None:
        """Hold to the policy that the school's own brings with it, or leave the choice open again."""
        brought = next((one for one in self._policies if one.id == policy_id), None)
        if brought is not None:
            self.box.choose(brought)
        elif not self.box.isEnabled():
            self.box.choose(None)
        self.box.setEnabled(brought is None)
        self.box.setToolTip("The school's own policy adopts this one." if brought else "")
        self._say()

    def _say(self) -> None:
        words = self.chosen.about if self.chosen else "No steps beside those of the law."
        held = " Your school's own policy adopts it." if not self.box.isEnabled() else ""
        self._about.setText(f"{words}{held}")
