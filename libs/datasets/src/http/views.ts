import { showId } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import type { Dataset } from '../dataset.entity.ts';
import type { FindingRow } from '../finding.entity.ts';
import type { Import } from '../import.entity.ts';
import { issuesOf } from '../import.issue.ts';
import { DELIMITERS } from '../formats/csv/dialect.ts';
import type { ImportOptions, TriedImport } from '../imports.service.ts';
import type { LineageEdge } from '../lineage-edge.entity.ts';
import { showFinding } from '../findings/finding-key.ts';
import type { ImportQuery } from './dataset.schema.ts';
import { saidFromOf } from './said-from.schema.ts';
import { emptyStatistics, RISKS } from '../statistics.ts';

export function datasetView(dataset: Dataset): object {
  return {
    id: showId('ds', dataset.id),
    name: dataset.name,
    description: dataset.description,
    classification: dataset.classification,
    default_branch: dataset.defaultBranch,
    record_kind: dataset.recordKind,
    schema_version: dataset.schemaVersion,
    version: dataset.version,
    created_by: showId('usr', dataset.createdBy),
    created_at: dataset.createdAt.toISOString(),
    updated_at: dataset.updatedAt.toISOString(),
  };
}

export function statisticsView(commit: Pick<Commit, 'id' | 'statistics'>): object {
  return { commit_id: showId('cm', commit.id), ...countsView(commit) };
}

export function countsView({ statistics }: Pick<Commit, 'statistics'>): object {
  const { records, bytes, findingsByType, findingsByRisk, recordsByRisk, recordsBySplit } =
    statistics ?? emptyStatistics();
  return {
    records,
    bytes,
    findings_by_type: findingsByType,
    findings_by_risk: findingsByRisk,
    records_by_risk: recordsByRisk,
    records_by_split: recordsBySplit ?? null,
  };
}

export function lineageView(edge: LineageEdge): object {
  return {
    kind: edge.kind,
    from_dataset_id: showId('ds', edge.fromDatasetId),
    from_commit_id: showId('cm', edge.fromCommitId),
    to_dataset_id: showId('ds', edge.toDatasetId),
    to_commit_id: showId('cm', edge.toCommitId),
    details: edge.details,
    created_at: edge.createdAt.toISOString(),
  };
}

export function findingView(finding: FindingRow): object {
  return {
    id: showFinding(finding),
    type: finding.type,
    path: finding.path,
    start: finding.start,
    end: finding.end,
    confidence: Math.round(finding.confidence * 100) / 100,
    risk_level: RISKS[finding.risk],
    detector: finding.detector,
    rule_version: finding.ruleVersion,
  };
}

export function importOptions(query: ImportQuery): ImportOptions {
  const { branch, message, strict, delimiter, header, encoding, types } = query;
  const csv = {
    delimiter: delimiter && DELIMITERS[delimiter],
    header: header === undefined ? undefined : header === 'true',
    encoding,
    types,
  };
  return { branch, message, strict: strict === 'true', csv, saidFrom: saidFromOf(query) };
}

export function triedImportView({ ingested, report, strict, gates }: TriedImport): object {
  const { statistics, rejected, quarantined, errors } = ingested;
  const fails = statistics.records + quarantined === 0 || (strict && rejected > 0) || gates.length > 0;
  return {
    status: fails ? 'would_fail' : rejected > 0 ? 'would_complete_with_errors' : 'would_complete',
    records: statistics.records,
    rejected,
    quarantined,
    bytes: statistics.bytes,
    findings_by_type: statistics.findingsByType,
    format: report,
    errors: issuesOf(errors, report.type),
    gates,
  };
}

export function importView(row: Import): object {
  const published = row.state === 'completed' || row.state === 'completed_with_errors';
  return {
    id: showId('imp', row.id),
    dataset_id: showId('ds', row.datasetId),
    status: row.state,
    commit_id: published ? showId('cm', row.commitId) : null,
    records: row.records,
    rejected: row.rejected,
    quarantined: row.quarantined,
    bytes: row.bytes,
    findings_by_type: row.findingsByType,
    format: row.report,
    failure: row.failure,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
