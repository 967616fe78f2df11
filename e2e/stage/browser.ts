/**
 * The browser of the tests: GATEHOUSE_BROWSER where it is set, else a Chrome or Chromium of this machine, else the packed Chromium for
 * Linux x64. Throws NoBrowser with one sentence where there is none.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export class NoBrowser extends Error {}

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = named() ?? installed() ?? (await packed());
  return chromium.launch({ executablePath, headless: true, args: asRoot() });
}

function named(): string | null {
  const executablePath = process.env.GATEHOUSE_BROWSER;
  if (!executablePath) return null;
  if (!executable(executablePath)) {
    throw new NoBrowser(`GATEHOUSE_BROWSER is ${executablePath}: set it to the program file of a Chrome or Chromium.`);
  }
  return executablePath;
}

function installed(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS];
  return candidates.find(executable) ?? null;
}

/**
 * Its own libraries are unpacked only where this variable is set before the import. The arguments that the package proposes are left out:
 * they switch off the web's security rules, which are a part of what is tested.
 */
async function packed(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new NoBrowser(
      'The browser tests found no Chrome or Chromium: install one, or name its program file in GATEHOUSE_BROWSER.',
    );
  }
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs24.x';
  const { default: chromiumPack } = await import('@sparticuz/chromium');
  chromiumPack.setGraphicsMode = false;
  return chromiumPack.executablePath();
}

/** Chromium's sandbox refuses to run as root. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
