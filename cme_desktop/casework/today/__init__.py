"""What Today shows: the day judged, arranged in rows and counted for the strip."""
