"""What was heard: messages between daemon and worker, capture verdicts, transcripts. Time is audio seconds."""
