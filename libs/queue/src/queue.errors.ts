import { defineError } from '#kernel';

export const JobNotFound = defineError('job-not-found', 'not-found', () => 'There is no such job.');
