import { defineError } from '#kernel';

export const WorkerBusy = defineError(
  'worker-busy',
  'unavailable',
  () => 'Too much work is waiting for a thread. Try again in a moment.',
);
export const WorkerLost = defineError('worker-lost', 'unavailable', () => 'The thread that did the work has ended.');
export const WorkerTooSlow = defineError(
  'worker-too-slow',
  'unavailable',
  () => 'The work took longer than it may, and was ended.',
);
