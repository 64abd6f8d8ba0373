import { Body, Controller, Get, HttpCode, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { RISKS, strategies } from '#pii';
import type { Detection } from '../detection.task.ts';
import { type AskDetection, DetectionService } from '../detection.service.ts';
import { AnonymizeBody, AnonymizeView, DetectBody, DetectView, StrategiesView, TypesView } from './pii.schema.ts';

@ApiTags('pii')
@ApiBearerAuth()
@Controller('pii')
export class PiiController {
  constructor(private readonly detection: DetectionService) {}

  @Post('detect')
  @HttpCode(200)
  @Permit('pii:detect')
  @ApiOperation({ summary: 'Find personal data in text or JSON' })
  @ApiOkResponse({ standardSchema: DetectView })
  @SerializeOptions({ schema: DetectView })
  async detect(@Caller() caller: Principal, @Body({ schema: DetectBody }) body: DetectBody): Promise<object> {
    const { detections } = await this.detection.detect(caller, askOf(body));
    const counted = detections.filter(({ allowed }) => allowed === undefined);
    const highest = Math.max(0, ...counted.map(({ risk }) => RISKS.indexOf(risk)));
    return {
      detections: detections.map(detectionView),
      pii_found: counted.length > 0,
      risk_level: RISKS[highest],
    };
  }

  @Post('anonymize')
  @HttpCode(200)
  @Permit('pii:detect')
  @ApiOperation({ summary: 'Take personal data out of text or JSON' })
  @ApiOkResponse({ standardSchema: AnonymizeView })
  @SerializeOptions({ schema: AnonymizeView })
  async anonymize(@Caller() caller: Principal, @Body({ schema: AnonymizeBody }) body: AnonymizeBody): Promise<object> {
    const { strategy, strategies, policy } = body;
    const asked = { ...askOf(body), strategy, strategies, policy };
    const { detections, output, choice } = await this.detection.anonymize(caller, asked);
    const { json, ...texts } = output ?? {};
    return {
      ...texts,
      ...(json === undefined ? {} : { data: JSON.parse(json) as unknown }),
      detections: detections.map(detectionView),
      strategy: choice.strategy,
      ...(choice.policy !== null && { policy: choice.policy }),
    };
  }

  @Get('types')
  @Permit('pii:detect')
  @ApiOperation({ summary: 'Types of personal data that can be found: built in, and of your own' })
  @ApiOkResponse({ standardSchema: TypesView })
  @SerializeOptions({ schema: TypesView })
  async types(@Caller() caller: Principal): Promise<object> {
    const items = (await this.detection.types(caller)).map(({ type, family, risk, description, defaultOn }) => ({
      type,
      family,
      risk_level: risk,
      description,
      on_by_default: defaultOn,
    }));
    return { items, next_cursor: null };
  }

  @Get('strategies')
  @Permit('pii:detect')
  @ApiOperation({ summary: 'What can be done with what is found' })
  @ApiOkResponse({ standardSchema: StrategiesView })
  @SerializeOptions({ schema: StrategiesView })
  strategies(): object {
    return { items: strategies, next_cursor: null };
  }
}

function askOf({ text, texts, data, types, min_confidence, locale, offsets, explain }: DetectBody): AskDetection {
  const json = data === undefined ? undefined : JSON.stringify(data);
  return { input: { text, texts, json }, types, minConfidence: min_confidence, locale, offsets, explain };
}

function detectionView({ risk, ruleVersion, confidence, allowed, ...rest }: Detection): object {
  return {
    ...rest,
    confidence: Math.round(confidence * 100) / 100,
    risk_level: risk,
    rule_version: ruleVersion,
    ...(allowed !== undefined && { allowed: true, allowlist_entry: allowed }),
  };
}
