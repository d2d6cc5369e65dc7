"""Where sound comes from: files, streams that are still being made, the microphone, texts."""
