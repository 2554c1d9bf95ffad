import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Request, RequestHandler, Response } from 'express';

import type { Logger } from '../runtime/logger.ts';
import { projectRoot } from '../runtime/project-root.ts';

/** A file of the built panel. Kept in memory: there are few, and they are small. */
interface PageFile {
  readonly contentType: string;
  readonly plain: Buffer;
  /** Null when compression would not make it smaller. */
  readonly gzip: Buffer | null;
  readonly etag: string;
  readonly caching: 'for-ever' | 'ask-each-time';
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Everything below it has its digest in its name. */
const HASHED = '/assets/';
/** Less is not worth a header. */
const LEAST_COMPRESSED_BYTES = 1024;

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Konfa</title><p lang="en">The pages of this panel are not built yet: run "npm run build" and start Konfa again.</p><p lang="pl">Strony panelu nie są jeszcze zbudowane: wykonaj „npm run build” i uruchom Konfę ponownie.</p>';

/**
 * Serves the built panel out of memory, compressed where the browser takes it. Any address that a person opens and
 * that is no file gets `index.html`, whose script knows the pages. `folder`: where the build is, by default of this
 * program.
 */
export function staticFiles(options: {
  readonly log: Logger;
  readonly folder?: string;
}): RequestHandler {
  const folder = options.folder ?? join(projectRoot(), 'dist', 'web');
  const files = readFiles(folder);
  const index = files.get('/index.html');
  if (index === undefined) options.log.warn('panel: the pages are not built', { folder });
  return (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const file = files.get(request.path);
    if (!isReading) next();
    else if (file !== undefined) send(file, request, response);
    else if (request.path.startsWith(HASHED) || request.accepts(['html']) === false) next();
    else if (index !== undefined) send(index, request, response);
    else response.status(503).type('html').send(NOT_BUILT);
  };
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const name = `/${relative(folder, path).split(sep).join('/')}`;
        return [name, readPage(path, name)];
      }),
  );
}

function readPage(path: string, name: string): PageFile {
  const plain = readFileSync(path);
  const zipped = plain.length < LEAST_COMPRESSED_BYTES ? plain : gzipSync(plain, { level: 9 });
  return {
    contentType: CONTENT_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream',
    plain,
    gzip: zipped.length < plain.length ? zipped : null,
    etag: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    caching: name.startsWith(HASHED) ? 'for-ever' : 'ask-each-time',
  };
}

function send(file: PageFile, request: Request, response: Response): void {
  const isZipped = file.gzip !== null && request.acceptsEncodings(['gzip']) === 'gzip';
  response.setHeader('Content-Type', file.contentType);
  response.setHeader(
    'Cache-Control',
    file.caching === 'for-ever' ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  if (file.gzip !== null) response.vary('Accept-Encoding');
  if (isZipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('ETag', `"${file.etag}${isZipped ? '-gzip' : ''}"`);
  response.send(isZipped ? file.gzip : file.plain);
}
