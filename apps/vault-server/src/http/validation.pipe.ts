import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Issue, pointerToken } from '#kernel';
import { ValidationFailed } from './problem.ts';

/** Checks whatever a route declares a schema for; says where and what was expected, never what was sent. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new SchemaPipe({
    exceptionFactory: (issues) => new ValidationFailed().with({ issues: issues.slice(0, 100).map(asIssue) }),
  });
}

class SchemaPipe extends StandardSchemaValidationPipe {
  /**
   * What reaches for prototypes was refused with the body; addresses hold texts alone. The framework would go through all of
   * it and take `constructor` and `prototype` out of records, where they are words like any other.
   */
  protected override stripProtoKeys(): void {}
}

function asIssue(issue: StandardSchemaV1.Issue): Issue {
  const keys = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const pointer = keys.map((key) => `/${pointerToken(key)}`).join('');
  // zod names unknown keys in its message, and a key is something that was sent.
  const unknownKeys = 'code' in issue && issue.code === 'unrecognized_keys';
  return { pointer, detail: unknownKeys ? 'Unknown fields are not taken here' : issue.message };
}
