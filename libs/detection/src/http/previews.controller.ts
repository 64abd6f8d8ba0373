import { Body, Controller, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { PolicyId, RecordSamples } from '#pii-rules';
import type { Input } from '../detection.task.ts';
import { DetectionService } from '../detection.service.ts';
import { PreviewBody, PreviewView } from './preview.schema.ts';

@ApiTags('anonymization')
@ApiBearerAuth()
@Controller('anonymization-policies')
export class PreviewsController {
  constructor(
    private readonly detection: DetectionService,
    private readonly samples: RecordSamples,
  ) {}

  @Post(':id/preview')
  @HttpCode(200)
  @Permit('pii:detect')
  @ApiOperation({ summary: 'Try a policy on texts, or on records one may read: before and after, side by side' })
  @ApiOkResponse({ standardSchema: PreviewView })
  @SerializeOptions({ schema: PreviewView })
  async preview(
    @Caller() caller: Principal,
    @Param({ schema: PolicyId }) { id }: PolicyId,
    @Body({ schema: PreviewBody }) { texts, dataset_id: datasetId, ref, limit }: PreviewBody,
  ): Promise<object> {
    const records = datasetId === undefined ? [] : await this.samples.take(caller, datasetId, ref, limit);
    const inputs: Input[] = [...(texts ?? []).map((text) => ({ text })), ...records.map((json) => ({ json }))];
    const results = await this.detection.compare(caller, id, inputs, datasetId);
    const items = results.map(({ detections, output }, i) => ({
      before: inputs[i]!.text ?? inputs[i]!.json,
      after: output?.text ?? output?.json,
      findings_by_type: countsOf(detections.map(({ type }) => type)),
    }));
    return { items };
  }
}

function countsOf(types: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]));
}
