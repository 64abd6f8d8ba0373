import { defineError } from '#kernel';

export const JobNotFound = defineError('job-not-found', 'not-found', () => 'There is no such job.');
export const JobFinished = defineError('job-finished', 'conflict', () => 'The job has ended already, and not by this.');
export const JobCancelled = defineError('job-cancelled', 'conflict', () => 'The job was cancelled.');
