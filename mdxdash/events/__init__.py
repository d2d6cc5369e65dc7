"""What happened: the event, its log, the filter language, the recording, the numbers."""
