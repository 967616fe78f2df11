// Preloaded into a child that was started with a channel (stdio 'ipc'): when the parent is gone without a word, the child ends too.
if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
