// Runs in a browser's page: see browser.ts.

// biome-ignore lint/correctness/noUnusedVariables: called by name
function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

// biome-ignore lint/correctness/noUnusedVariables: called by name
function faint(least) {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    const style = getComputedStyle(element);
    const isShown = element.getClientRects().length > 0 && style.visibility === 'visible';
    if (!text || !isShown || element.closest('title, style, script')) continue;
    const front = luminance(rgba(element instanceof SVGElement ? style.fill : style.color));
    const back = luminance(behind(element));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < least) found.add(`${ratio.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return [...found];
}

// biome-ignore lint/correctness/noUnusedVariables: called by name
function drawn(classes) {
  const pictures = [...document.querySelectorAll('svg')].filter((svg) => svg.getClientRects().length > 0);
  const selector = classes.map((name) => `.${name} path`).join(', ');
  return pictures.flatMap((svg, picture) =>
    [...svg.querySelectorAll(selector)].map((path) => {
      const { fill, stroke } = getComputedStyle(path);
      return { picture, width: path.getBBox().width, isPainted: [fill, stroke].some((color) => color.startsWith('rgb(')) };
    }),
  );
}

/** The nearest background that hides what is behind it; a page without one is white. */
function behind(element) {
  for (let at = element; at; at = at.parentElement) {
    const color = rgba(getComputedStyle(at).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255, 255];
}

/** A colour in whatever notation, as four bytes. */
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
}

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
