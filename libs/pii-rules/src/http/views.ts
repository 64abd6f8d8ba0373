import { showId } from '#kernel';
import { RISKS } from '#pii';
import type { AllowedValue } from '../allowed-value.entity.ts';
import type { TypeTerms } from '../custom-types.service.ts';
import type { DescribedType } from '../type-definition.ts';
import type { CustomTypeTerms } from './custom-type.schema.ts';

export function termsFrom(sent: Omit<CustomTypeTerms, 'name'>): TypeTerms {
  const { description, risk_level, score, case_sensitive, words, patterns, context, examples } = sent;
  const { match, no_match: noMatch } = examples;
  const definition = { words, patterns, context, score, isCaseSensitive: case_sensitive, examples: { match, noMatch } };
  return { description, risk: risk_level, definition };
}

export function customTypeView({ type, definition }: DescribedType): object {
  const { words, patterns, context, score, isCaseSensitive, examples } = definition;
  return {
    id: showId('pt', type.id),
    name: type.name,
    description: type.description,
    risk_level: RISKS[type.risk],
    score,
    case_sensitive: isCaseSensitive,
    words,
    patterns,
    context,
    examples: { match: examples.match, no_match: examples.noMatch },
    version: type.version,
    created_by: showId('usr', type.createdBy),
    created_at: type.createdAt.toISOString(),
    updated_at: type.updatedAt.toISOString(),
  };
}

export function allowedValueView(allowed: AllowedValue): object {
  return {
    id: showId('alw', allowed.id),
    of: allowed.valueMac ? 'value' : 'type',
    type: allowed.type,
    dataset_id: allowed.datasetId && showId('ds', allowed.datasetId),
    reason: allowed.reason,
    expires_at: allowed.expiresAt?.toISOString() ?? null,
    created_by: showId('usr', allowed.createdBy),
    created_at: allowed.createdAt.toISOString(),
  };
}
