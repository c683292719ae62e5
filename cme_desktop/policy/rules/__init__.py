"""The rules of English law and statutory guidance, one module per family of duty."""
