// A browser for tests/system/browser.py: Debian's Chromium, driven by playwright-core.
// One JSON object a line comes in, {"do": NAME, ...}; one goes out, {"value"} or {"error"}.
//   node browser.mjs CHROMIUM FOLDER     FOLDER has node_modules
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [chromiumPath, folder] = process.argv.slice(2);
const { chromium } = createRequire(`${folder}/`)('playwright-core');

// Chromium would look for its maker's servers, and this test must not.
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: chromiumPath, args: quiet });
let context, page, trouble, asked;

const deeds = {
  async open({ url, width = 1280, height = 800, scheme = 'dark', locale = 'en-GB', without = [] }) {
    await context?.close();
    context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale });
    context.setDefaultTimeout(120000); // a click waits for two frames to be drawn, on a machine that has other work
    page = await context.newPage();
    trouble = [];
    asked = [];
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(String(error.stack)));
    page.on('request', (request) => asked.push(request.url()));
    for (const path of without) await page.route(`**${path}`, (route) => route.fulfill({ body: '', contentType: 'text/javascript' }));
    await page.goto(url);
  },
  size: ({ width, height }) => page.setViewportSize({ width, height }),
  evaluate: ({ code }) => page.evaluate(code),
  // By asking again and again: a function in the page would break its Content-Security-Policy.
  async wait({ code, timeout }) {
    const until = Date.now() + timeout;
    while (!await page.evaluate(code).catch(() => false)) {
      if (Date.now() > until) throw new Error(`not within ${timeout} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  click: ({ selector }) => page.click(selector),
  fill: ({ selector, text }) => page.fill(selector, text),
  press: ({ key }) => page.keyboard.press(key),
  reload: async () => {
    await page.reload();
  },
  shot: async ({ path, whole }) => {
    await page.screenshot({ path, fullPage: whole });
  },
  trouble: () => trouble,
  asked: () => asked,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...about } = JSON.parse(line);
  let said;
  try {
    said = { value: (await deeds[name](about)) ?? null };
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await browser.close();
