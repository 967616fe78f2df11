/** People in front of a browser: each a fresh private window. What the browser refuses or reports on the hub's pages is kept as a complaint. */

import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { look } from '../checks/look.ts';

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Looks at the page as it stands (checks/look.ts); what is found is a complaint. */
  look(name: string): Promise<void>;
}

export interface Visitors {
  /** A private window of its own. */
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  /** Forgets complaints that have these words: a refusal that the test asked for. */
  forgive(words: string): void;
  /** Takes what was complained about since the last call. */
  complaints(): string[];
  /** Where the windows stand now, for a test that failed. */
  pages(): Page[];
  /** Closes every window. */
  leave(): Promise<void>;
}

export const DESKTOP = { width: 1280, height: 800 };
const STEP_WITHIN_MS = 10_000;

export function createVisitors(browser: Browser, hubUrl: string): Visitors {
  const contexts = new Set<BrowserContext>();
  let complaints: string[] = [];
  const listen = (page: Page) => {
    page.on('console', (message) => {
      if (isComplaint(message, hubUrl)) complaints.push(`${message.text()} (at ${message.location().url})`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      if (why !== 'net::ERR_ABORTED') complaints.push(`${request.method()} ${request.url()}: ${why}`);
    });
    page.on('pageerror', (error) => complaints.push(`${error.stack ?? error} (at ${page.url()})`));
  };
  return {
    async visitor(options = {}) {
      const context = await browser.newContext({
        viewport: DESKTOP,
        locale: 'en-US',
        reducedMotion: 'reduce',
        ...options,
      });
      context.setDefaultTimeout(STEP_WITHIN_MS);
      context.on('page', listen);
      contexts.add(context);
      const page = await context.newPage();
      return {
        context,
        page,
        async look(name) {
          complaints.push(...(await look(page, name)));
        },
      };
    },
    forgive(words) {
      complaints = complaints.filter((complaint) => !complaint.includes(words));
    },
    complaints() {
      const taken = complaints;
      complaints = [];
      return taken;
    },
    pages: () => [...contexts].flatMap((context) => context.pages()),
    async leave() {
      await Promise.all([...contexts].map((context) => context.close()));
      contexts.clear();
    },
  };
}

/** A policy that was violated counts everywhere; other errors on pages of the hub. That an error page has an error's status is meant so. */
function isComplaint(message: ConsoleMessage, hubUrl: string): boolean {
  if (/Refused to|Content Security Policy|Trusted Type/i.test(message.text())) return true;
  if (message.type() !== 'error' || !(message.page()?.url() ?? '').startsWith(hubUrl)) return false;
  return !(message.text().startsWith('Failed to load resource') && message.location().url === message.page()?.url());
}
