import { scheduleJob } from 'node-schedule';

/**
 * Calls `work` every day at `time` (`HH:MM`) on the clocks of `zone`. On the night when that time does not exist it is
 * called an hour later; when it exists twice, once.
 * @returns a function that ends it
 */
export function everyNight(
  when: { readonly time: string; readonly zone: string },
  work: () => void,
): () => void {
  const [hour = 0, minute = 0] = when.time.split(':').map(Number);
  const job = scheduleJob({ hour, minute, second: 0, tz: when.zone }, work);
  return () => void job.cancel();
}
