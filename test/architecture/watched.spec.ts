// What is watched is what the server tells, in every place where it is written down.
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type AlertGroup, alertGroups, alerts, dashboards, metricsIn, panelQueries } from '../support/watched.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

describe('alerts and dashboards', () => {
  it('watch metrics that docs/operations/MONITORING.md tells of', () => {
    const text = read('docs/operations/MONITORING.md');
    const named = [...alerts.map(({ expr }) => expr), ...panelQueries.map(([, , expr]) => expr)].flatMap(metricsIn);
    expect([...new Set(named)].filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });

  it('are the same for Prometheus and for its operator', () => {
    const rule = parse(read('deploy/kubernetes/optional/monitoring/prometheusrule.yaml')) as {
      spec: { groups: AlertGroup[] };
    };
    expect(rule.spec.groups).toEqual(alertGroups);
  });

  it('lead from each alert to a part of the runbook', () => {
    const ways = alerts.map(({ annotations }) => annotations.runbook_url.split('#') as [string, string]);
    const lost = ways.filter(([file, anchor]) => !anchorsOf(read(file)).includes(anchor));
    expect(lost).toEqual([]);
  });

  it('are laid out without one panel over another, on the data source that is provisioned', () => {
    const source = parse(read('deploy/grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string }[];
    };
    expect(dashboards.map(({ uid }) => uid).toSorted()).toEqual(['vault-overview', 'vault-security', 'vault-storage']);
    for (const { panels } of dashboards) {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      const uids = panels.flatMap(({ targets }) => targets.map(({ datasource }) => datasource.uid));
      expect([...new Set(uids)]).toEqual([source.datasources[0]!.uid]);
    }
  });

  it('have their rules, tests and dashboards where the containers look for them', () => {
    const provider = parse(read('deploy/grafana/provisioning/dashboards/vault.yaml')) as {
      providers: { options: { path: string } }[];
    };
    expect(read('deploy/compose.yaml')).toContain(`./grafana/dashboards:${provider.providers[0]!.options.path}:ro`);
    expect(globSync('deploy/prometheus/*')).toHaveLength(3);
  });
});

/** The anchors that a Markdown file has for its headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
