/** A request that a webhook gets. */
export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it. `refused`: never tried, as the address is not one that webhooks may reach. */
export type PostOutcome =
  | { readonly outcome: 'answered'; readonly status: number }
  | { readonly outcome: 'no-answer'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Posts one request and waits for the answer's status. Never rejects. */
export type Post = (request: PostRequest) => Promise<PostOutcome>;
