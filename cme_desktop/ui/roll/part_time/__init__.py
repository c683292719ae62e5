"""Part-time timetables, on screen."""
