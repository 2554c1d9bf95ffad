import type { ReservationRecorder } from '../../server/reservation/reservation-recorder.ts';

/** Nobody is told of anything, and nothing is refused. */
export const SILENT_RECORDER: ReservationRecorder = { record: () => [] };
