import type { Browser } from 'playwright-core';
import { commandsOf } from '../../../lib/runbook/document';
import { toHtml } from '../../../lib/runbook/html';
import { runbook } from '../../../lib/runbook/runbook';
import { faint, keepScreenshot, LOOKS, open, overflow, startBrowser } from '../../browser/browser';
import { CHANGES } from './changes';

const document = runbook((CHANGES['a maximal migration'] as (typeof CHANGES)[string])().manifest);
const text = toHtml(document);
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test.each(LOOKS)('the runbook, %s: legible, within the page, and without an error or a request', async (name, look) => {
  const { page, errors, requests } = await open(browser, text, look);
  await keepScreenshot(page, `runbook-${name}`);
  expect({ errors, requests }).toEqual({ errors: [], requests: [] });
  expect(await faint(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.close();
});

test('every command is there to be copied, as it has to be typed', async () => {
  const { page } = await open(browser, text, { width: 1280 });
  const shown = await page.locator('pre').allInnerTexts();
  const plain = shown.map((each) => each.replace(/\s+/g, ' ').trim());
  for (const { line } of commandsOf(document)) expect(plain).toContain(line);
  await page.close();
});
