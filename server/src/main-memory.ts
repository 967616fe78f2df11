/**
 * How much memory V8 may take before it cleans up. By itself it keeps up to 96 MB for young objects and doubles the heap before it
 * collects: a hub whose live data are 40 MB grew to 400 MB. With these settings it stays below 200 MB, at the same cost per sign-in
 * (docs/decisions/0013-memory.md).
 */
import v8 from 'node:v8';

/** Can only be given at the start of a process. scripts/children.mjs gives the same to the processes that it starts. */
const YOUNG = '--max-semi-space-size=4';
/** By how much the heap may grow beyond what lived at the last collection. */
const GROWTH = '--heap-growing-percent=30';

/**
 * Sets the growth, and where the process was started without the other setting, replaces it by one with it: the same process id, files
 * and environment. A process with a channel to its parent keeps itself (it would lose the channel); its parent gives it the setting.
 */
export function boundMemory(entry: string, words: string[]): void {
  v8.setFlagsFromString(GROWTH);
  const { execve, execArgv, env, platform, execPath } = process;
  if (execArgv.some(isYoungSetting) || isYoungSetting(env.NODE_OPTIONS ?? '')) return;
  if (platform === 'win32' || execve === undefined || process.channel) return;
  execve(execPath, [execPath, YOUNG, ...execArgv, entry, ...words], env);
}

const isYoungSetting = (text: string) => /--max[-_]semi[-_]space[-_]size/.test(text);
