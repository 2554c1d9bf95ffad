import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs `use` with a folder of these files, as an operator would keep it, and removes it afterwards. */
export function withFolder(
  files: Readonly<Record<string, Uint8Array>>,
  use: (folder: string) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-prompts-'));
  try {
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
