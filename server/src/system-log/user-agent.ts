/** A coarse reading of the User-Agent header for logs and for routing by platform: system, browser, kind of device. */
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'Mac OS X'],
  [/Linux|X11/, 'Linux'],
];
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'EDGE'],
  [/OPR\//, 'OPERA'],
  [/Firefox\//, 'FIREFOX'],
  [/Chrome\//, 'CHROME'],
  [/Safari\//, 'SAFARI'],
];

export function describeUserAgent(userAgent: string) {
  const find = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const os = find(SYSTEMS) ?? 'Unknown';
  return {
    userAgent: { rawUserAgent: userAgent, os, browser: find(BROWSERS) ?? 'UNKNOWN' },
    device: os === 'iOS' || os === 'Android' ? 'Mobile' : os === 'Unknown' ? 'Unknown' : 'Computer',
  };
}
