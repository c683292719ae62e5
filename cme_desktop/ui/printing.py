"""Words on paper by the system's own print dialog; the job is always called CME Desktop, never after a child."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget


def new_printer() -> QPrinter:
    """Give a printer whose job names nobody, and whose paper is A4 until the user says otherwise."""
    from PySide6.QtGui import QPageSize  # noqa: PLC0415  printing is seldom
    from PySide6.QtPrintSupport import QPrinter  # noqa: PLC0415  printing is seldom

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("CME Desktop")
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    return printer


def ask_printer(parent: QWidget, *, pages: int) -> QPrinter | None:
    """Ask for a printer and which of the pages to print; None where the user thought better of it."""
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog  # noqa: PLC0415  as above

    printer = new_printer()
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setMinMax(1, pages)
    return printer if dialog.exec() else None


def print_words(parent: QWidget, words: str) -> bool:
    """Ask for a printer and print plain words; False where the user thought better of it."""
    from PySide6.QtPrintSupport import QPrintDialog  # noqa: PLC0415  as above

    printer = new_printer()
    if not QPrintDialog(printer, parent).exec():
        return False
    put_on_paper(words, printer)
    return True


def put_on_paper(words: str, printer: QPrinter) -> None:
    """Print plain words."""
    from PySide6.QtGui import QTextDocument  # noqa: PLC0415  as above

    document = QTextDocument()
    document.setPlainText(words)
    document.print_(printer)
