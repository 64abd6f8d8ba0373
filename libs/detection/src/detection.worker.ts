import { serveTasks } from '#workers';
import { detect } from './detect.ts';
import type { DetectionResult, DetectionTask } from './detection.task.ts';

serveTasks<DetectionTask, DetectionResult>((task) => ({ result: detect(task) }));
