"""The look: tokens, fonts, icons, and the one style sheet."""
