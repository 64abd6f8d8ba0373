// What is written down about the metrics: alerts, dashboards, and the expressions in both.
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}
export interface AlertGroup {
  name: string;
  rules: Alert[];
}
export interface Panel {
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets: { expr: string; datasource: { uid: string } }[];
}
export interface Dashboard {
  file: string;
  uid: string;
  title: string;
  panels: Panel[];
}

export const alertGroups = (parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')) as { groups: AlertGroup[] })
  .groups;
export const alerts = alertGroups.flatMap(({ rules }) => rules);
export const dashboards = globSync('deploy/grafana/dashboards/*.json').map((file) => ({
  ...(JSON.parse(readFileSync(file, 'utf8')) as Dashboard),
  file,
}));
export const panelQueries = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [uid, title, expr] as const)),
);

/** The metrics that an expression names, without the endings that a histogram has. */
export function metricsIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}/g, '').replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, '');
  const words = bare.match(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b(?!\s*\()/g) ?? [];
  return [...new Set(words.map((word) => word.replace(/_(bucket|sum|count)$/, '')))];
}
