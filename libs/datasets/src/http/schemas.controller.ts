import { Body, Controller, Get, Param, Put, Query, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { SchemasService } from '../schemas/schemas.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { NewSchemaBody, SchemaQuery, SchemaView } from './schema.schema.ts';

@ApiTags('datasets')
@ApiBearerAuth()
@Controller('datasets/:id/schema')
export class SchemasController {
  constructor(private readonly schemas: SchemasService) {}

  @Get()
  @Permit('dataset:read')
  @ApiOperation({ summary: 'What the records of a dataset must be: their kind, and a JSON Schema' })
  @ApiOkResponse({ standardSchema: SchemaView })
  @SerializeOptions({ schema: SchemaView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: SchemaQuery }) { version }: z.infer<typeof SchemaQuery>,
  ): Promise<object> {
    return schemaView(id, await this.schemas.get(caller, id, version));
  }

  @Put()
  @Permit('dataset:schema')
  @ApiOperation({
    summary: 'Say what records must be from now on; refused when records on the default branch are something else',
  })
  @ApiOkResponse({ standardSchema: SchemaView })
  @SerializeOptions({ schema: SchemaView })
  async put(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewSchemaBody }) { record_kind: recordKind, schema, force }: NewSchemaBody,
  ): Promise<object> {
    return schemaView(id, await this.schemas.put(caller, id, { recordKind, schema, force }));
  }
}

function schemaView(id: string, found: Awaited<ReturnType<SchemasService['get']>>): object {
  return {
    dataset_id: showId('ds', id),
    version: found?.version ?? 0,
    record_kind: found?.recordKind ?? 'free',
    schema: found?.schema ? (JSON.parse(found.schema) as object) : null,
    created_by: found ? showId('usr', found.createdBy) : null,
    created_at: found?.createdAt.toISOString() ?? null,
  };
}
