import express from 'express';
import type { Request, Response } from 'express';

import { ProblemError } from './problem-error.ts';

/** Reads a request's JSON body. @throws ProblemError 400, 413 or 415. */
export type BodyReader = (request: Request, response: Response) => Promise<unknown>;

/** Longest body of a route that says nothing else. */
const DEFAULT_BODY_BYTES = 65_536;

/** A reader of bodies up to `limitBytes`. Compressed ones are refused: a small one may hold a huge one. */
export function bodyReader(limitBytes = DEFAULT_BODY_BYTES): BodyReader {
  const parse = express.json({ limit: limitBytes, inflate: false, type: 'application/json' });
  return async (request, response) => {
    if (hasBody(request) && !isJson(request)) {
      throw new ProblemError('unsupported-media-type', 415);
    }
    return new Promise((resolve, reject) => {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- The framework's request is Node's.
      parse(request, response, (error?: unknown) => {
        if (error instanceof Error) reject(problemOf(error));
        else resolve(request.body);
      });
    });
  };
}

function hasBody(request: Request): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** JSON in UTF-8, RFC 8259 §8.1: the parser alone would take UTF-7 and UTF-32 too. */
function isJson(request: Request): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/iu.exec(request.get('content-type') ?? '')?.[1];
  const isUtf8 = charset === undefined || charset.toLowerCase() === 'utf-8';
  return isUtf8 && request.is('application/json') !== false;
}

/** Errors of the body parser have a `type`. */
function problemOf(error: Error): Error {
  const type = 'type' in error ? error.type : null;
  switch (type) {
    case 'entity.too.large':
      return new ProblemError('body-too-large', 413);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ProblemError('unsupported-media-type', 415);
    case 'entity.parse.failed':
    case 'request.aborted':
    case 'request.size.invalid':
      return new ProblemError('bad-json', 400);
    default:
      return error;
  }
}
