"""A square code (QR) that a phone's camera reads, as rows of dark and light squares: drawn by whoever shows it."""

from __future__ import annotations


def draw_square_code(text: str) -> tuple[tuple[bool, ...], ...]:
    """Give the squares of the smallest code that holds the text, True where it is dark, without the margin round it."""
    from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel  # noqa: PLC0415  seldom

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    size = code.getModuleCount()
    return tuple(tuple(bool(code.isDark(row, column)) for column in range(size)) for row in range(size))
