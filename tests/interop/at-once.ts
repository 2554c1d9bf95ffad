/** Tests that begin together with the first of them and are waited for one by one: most of their time is waiting. */
export function testsAtOnce(
  test: (name: string, run: () => Promise<void>) => void,
  runs: Readonly<Record<string, () => Promise<void>>>,
): void {
  const begun = new Map<string, Promise<void>>();
  for (const name of Object.keys(runs)) {
    test(name, async () => {
      for (const [each, run] of Object.entries(runs)) {
        if (begun.has(each)) continue;
        const running = run();
        // Its own test tells when it has failed.
        running.catch(() => {});
        begun.set(each, running);
      }
      await begun.get(name);
    });
  }
}
