import { piiChart } from './pii-chart.ts';

const drift = (types: { type: string; from: number; to: number; change: string }[]): string =>
  piiChart({ from: { commit_id: 'cm_a', risk_level: 'low' }, to: { commit_id: 'cm_b', risk_level: 'high' }, types });

describe('the chart of personal data', () => {
  it('has a bar for either side, as long as the count, and says in words what it shows', () => {
    const chart = drift([{ type: 'EMAIL', from: 10, to: 5, change: 'fewer' }]);
    expect([...chart.matchAll(/width="(\d+)" height="14"/g)].map(([, width]) => width)).toEqual(['400', '200']);
    expect(chart).toContain('<title id="title">Personal data from cm_a to cm_b</title>');
    expect(chart).toContain('Highest risk low before and high after. EMAIL 10 to 5 (fewer).');
  });

  it('draws first what changed most, of very many forty, and names all of them in words', () => {
    const types = Array.from({ length: 50 }, (_, n) => ({ type: `T${n}`, from: 0, to: n, change: 'new' }));
    const chart = drift(types);
    expect([...chart.matchAll(/>(T\d+) \(new\)</g)].map(([, type]) => type).slice(0, 2)).toEqual(['T49', 'T48']);
    expect(chart.match(/height="14"/g)).toHaveLength(80);
    expect([chart.includes('and 10 more types'), chart.includes('T0 0 to 0')]).toEqual([true, true]);
  });

  it('lets no name become markup, and no script in', () => {
    const chart = drift([{ type: '<script>"&', from: 0, to: 1, change: 'new' }]);
    expect([chart.includes('<script'), chart.includes('&lt;script&gt;&quot;&amp; 0 to 1')]).toEqual([false, true]);
    expect(drift([])).toContain('Nothing was found in either');
  });
});
