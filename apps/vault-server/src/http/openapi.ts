import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { version } from '../version.ts';

interface Converted {
  schema: unknown;
  components: Record<string, unknown>;
}

/** OpenAPI 3.1 speaks JSON Schema 2020-12, and so does zod: what validates is what is documented. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('LLM Data Vault')
    .setDescription('Training data, sealed, searched for personal data, and versioned.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, API_KEY)
    .build();
  const document = SwaggerModule.createDocument(app, info, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? converted(schema, schemaType) : undefined,
  });
  return withApiKeys(withProblems(document));
}

const API_KEY = 'api-key';

/** Whatever takes a token takes an API key in its place. */
function withApiKeys(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as { security?: object[] }[]) {
      if (operation.security) operation.security = [...operation.security, { [API_KEY]: [] }];
    }
  }
  return document;
}

function converted(schema: z.ZodType, io: 'input' | 'output'): Converted {
  const {
    $defs = {},
    $schema: _,
    ...rest
  } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any', override: withoutNoise });
  // A schema with a name of its own comes as a reference to it: on several routes it is one component.
  return { schema: rest, components: $defs };
}

/** That an integer is one a double can hold goes without saying, and makes a console send the least of them. */
function withoutNoise({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: 'Path of a page about this error' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable name, such as DATASET_NOT_FOUND' },
    request_id: { type: 'string', description: 'Finds the request in the log' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

/** Every operation may be refused, and always in the same form (RFC 9457). */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: PROBLEM } as never;
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as { responses?: object; security?: object[] }[]) {
      if (!operation.responses) continue;
      Object.assign(operation.responses, {
        ...(operation.security ? { 401: { description: 'Not signed in', content: problem } } : {}),
        ...(operation.security ? { 403: { description: 'Not permitted', content: problem } } : {}),
        default: { description: 'Any other error', content: problem },
      });
    }
  }
  return document;
}
