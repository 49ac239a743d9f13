import type { Browser } from 'playwright-core';
import { report } from '../../bin/report/page';
import { drawn, faint, keepScreenshot, LOOKS, open, overflow, startBrowser } from '../browser/browser';
import { completed, nothingYet, rolledBack, underWay } from './fixture';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

describe.each([
  ['rolled-back', rolledBack],
  ['completed', completed],
  ['under-way', underWay],
  ['nothing', nothingYet],
] as const)('the report of a run: %s', (name, data) => {
  let text: string;
  beforeAll(async () => {
    text = await report(data());
  });

  test.each(LOOKS)('%s: legible, within the page, and without an error or a request', async (lookName, look) => {
    const { page, errors, requests } = await open(browser, text, look);
    await keepScreenshot(page, `report-${name}-${lookName}`);
    expect(await page.locator('h1').innerText()).toContain('CitiesV2');
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    expect(await faint(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });
});

test.each(LOOKS)('%s: every chart is drawn, once', async (_, look) => {
  const { page } = await open(browser, await report(rolledBack()), look);
  const charts = page.locator('figure svg:visible');
  expect(await charts.count()).toBe(4);
  for (const chart of await charts.all()) {
    const box = await chart.boundingBox();
    expect(box?.width).toBeGreaterThan(250);
    expect(box?.height).toBeGreaterThan(80);
    expect(await chart.getAttribute('aria-label')).toMatch(/ over time/);
  }
  const marks = await drawn(page, 'mark-line', 'mark-area');
  expect(new Set(marks.filter(({ width }) => width > 100).map(({ picture }) => picture)).size).toBe(4);
  expect(marks.filter(({ isPainted }) => !isPainted)).toEqual([]);
  await page.close();
});

describe('what looks at pages sees what is wrong with one', () => {
  test('errors, requests, faint texts and what is too wide', async () => {
    const bad = `<body style="background:#fff"><p style="color:#aaa">faint</p><div style="width:2000px">wide</div>
      <svg><text y="20" fill="#ccc">faint in a picture</text></svg><img src="http://127.0.0.1:9/x.png"><script>throw new Error('oh')</script>`;
    const { page, errors, requests } = await open(browser, bad, { width: 400 });
    expect(errors.join()).toContain('oh');
    expect(requests).toEqual(['http://127.0.0.1:9/x.png']);
    expect((await faint(page)).join()).toMatch(/faint.*faint in a picture/);
    expect(await overflow(page)).toBeGreaterThan(1000);
    await page.close();
  });
});
