import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it. */
const CHROMIUM = '/usr/bin/chromium';

/** Screenshots are kept here, outside of git. */
const SCREENSHOTS = join(__dirname, '..', '..', 'coverage', 'screenshots');

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser without a window. @throws Error that says what to install */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: install it with "apt-get install -y chromium".`);
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** How a page is looked at. */
export interface Look {
  /** Pixels. */
  readonly width: number;
  readonly scheme?: 'light' | 'dark';
  readonly media?: 'screen' | 'print';
}

/** How people look at a page. */
export const LOOKS: readonly (readonly [string, Look])[] = [
  ['light', { width: 1280 }],
  ['dark', { width: 1280, scheme: 'dark' }],
  ['telephone', { width: 400 }],
  ['dark-telephone', { width: 400, scheme: 'dark' }],
  ['paper', { width: 760, media: 'print' }],
  ['paper-of-a-dark-screen', { width: 760, media: 'print', scheme: 'dark' }],
];

/** A page that is open, and what went wrong with it. */
export interface Opened {
  readonly page: Page;
  /** What it wrote to the console as an error, and what it threw. */
  readonly errors: readonly string[];
  /** What it asked the network for. */
  readonly requests: readonly string[];
}

/** Opens a text as a page of its own. */
export async function open(browser: Browser, text: string, look: Look): Promise<Opened> {
  const { width, scheme = 'light', media = 'screen' } = look;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.emulateMedia({ media, colorScheme: scheme });
  await page.setContent(text, { waitUntil: 'load' });
  return { page, errors, requests };
}

/** Keeps a picture of the whole page. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Pixels by which the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return inPage(page, 'overflow()');
}

/**
 * Texts whose contrast with what they stand on is below `least`: contrast as WCAG 2.2 defines it (1.4.3). Texts of pictures are looked
 * at, too, against the background of the element that the picture is in.
 */
export function faint(page: Page, least = 4.5): Promise<string[]> {
  return inPage(page, `faint(${least})`);
}

/** A line or an area of a picture that is shown. */
export interface Drawn {
  /** Number of its picture among those shown. */
  readonly picture: number;
  /** Pixels. */
  readonly width: number;
  /** False where its colours are none. */
  readonly isPainted: boolean;
}

/** Everything that the pictures draw with marks of these classes. */
export function drawn(page: Page, ...classes: readonly string[]): Promise<Drawn[]> {
  return inPage(page, `drawn(${JSON.stringify(classes)})`);
}

/** Those functions run in the page, which knows nothing of this file. */
function inPage<T>(page: Page, call: string): Promise<T> {
  return page.evaluate(`(() => { ${readFileSync(join(__dirname, 'in-page.js'), 'utf8')}; return ${call}; })()`);
}
