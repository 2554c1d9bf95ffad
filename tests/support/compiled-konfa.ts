import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Konfa as JavaScript, which starts in half the time that its sources take. */
export interface CompiledKonfa {
  /** What `startKonfa` takes. */
  readonly program: readonly string[];
  remove(): Promise<void>;
}

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles the sources as they are now into a folder of its own below `dist/`; types are not checked. */
export async function compileKonfa(): Promise<CompiledKonfa> {
  // Within the project, where its package.json, its dependencies and its recordings are found.
  await mkdir(join(projectFolder, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(projectFolder, 'dist', 'test-'));
  const compiler = join(projectFolder, 'node_modules/typescript/bin/tsc');
  const options = ['--noCheck', '--incremental', 'false', '--sourceMap', 'false'];
  await promisify(execFile)(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', ...options, '--tsBuildInfoFile', 'null'].concat([
      '--outDir',
      folder,
    ]),
    { cwd: projectFolder },
  );
  return {
    program: [join(folder, 'server/main.js')],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
