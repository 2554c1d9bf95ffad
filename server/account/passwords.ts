/** Checks passwords and makes hashes of them, on the thread pool. */
export interface Passwords {
  /**
   * A PHC string of the password.
   * @throws AccountRefusal `busy` when too many wait.
   */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one of `phc`; null: there is no account, and it takes as long to say no. `known`:
   * somebody has logged in from this device before, and passes those who wait.
   * @throws AccountRefusal `busy` when too many wait.
   */
  verify(
    password: string,
    phc: string | null,
    device: 'known' | 'unknown',
  ): Promise<{ readonly result: 'wrong' } | { readonly result: 'right'; readonly renew: boolean }>;
}
