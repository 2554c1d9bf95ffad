import type { Page } from 'playwright-core';

/** What is wider than the screen; nothing when the page need not be moved sideways. */
export async function overflowOf(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return [scrollWidth + ' px wide: ' + wide.slice(-3).map((one) => one.outerHTML.slice(0, 120))];
  })()`);
}
