import { z } from 'zod';

import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { openApiDocument } from './openapi-document.ts';

/** The routes, and `GET /openapi.json`, which describes them and itself. */
export function withOpenApi(routes: readonly AnyRoute[], version: string): readonly AnyRoute[] {
  const all: AnyRoute[] = [...routes];
  // Made at the first request: a start need not wait for it.
  let document: ReturnType<typeof openApiDocument> | null = null;
  all.push(
    defineRoute({
      method: 'GET',
      path: '/openapi.json',
      access: 'public',
      tag: 'settings',
      summary: 'This document',
      answers: { 200: z.record(z.string(), z.unknown()) },
      handle: () => ({ status: 200, json: (document ??= openApiDocument(all, version)) }),
    }),
  );
  return all;
}
