import { newId, type Principal, showId } from '#kernel';
import { PlainReasons } from '#pii-rules';
import { programs } from '../../../../test/support/test-database.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import { MergeBase } from '../versions/merge-base.ts';
import type { MergesService, Terms } from '../versions/merges.service.ts';
import type { MergeRequest } from './merge-request.entity.ts';
import { RequestMerger } from './request.merger.ts';
import { RequestRepository } from './request.repository.ts';
import { RequestSight } from './request.sight.ts';
import { RequestsService } from './requests.service.ts';
import { ReviewsService } from './reviews.service.ts';

const PLAIN = { strategy: 'fail', resolutions: [] } as const;

describe.each(programs)('merge requests on %s', (program) => {
  let vault: OpenedDatasets;
  let requests: RequestsService;
  let reviews: ReviewsService;
  let rows: RequestRepository;
  let sight: RequestSight;
  let dataset: string;
  let record: string;
  let request: MergeRequest;
  let reviewer: Principal;
  beforeAll(async () => {
    vault = await openDatasets(program);
    const { database, datasets, refs, audit } = vault;
    rows = new RequestRepository(database);
    const rights = { may: () => Promise.resolve(true) };
    sight = new RequestSight(refs, new MergeBase(database, datasets, refs), rows, rights);
    const shared = { database, sight, reasons: new PlainReasons(0.5), audit };
    requests = new RequestsService({ ...shared, datasets, requests: rows });
    reviews = new ReviewsService({ ...shared, requests, rows });
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    const { caller, writer, naming } = vault;
    reviewer = { ...caller, id: newId() };
    dataset = (await vault.creating.create(caller, { name: newId() })).id;
    record = (await writer.create(caller, dataset, { content: 'one' }, {})).recordId;
    await naming.create(caller, dataset, 'side');
    await push('approved');
    await naming.protect(caller, dataset, 'main', { isProtected: true, requiredApprovals: 1 });
    request = await requests.open(caller, dataset, { title: 'Say more', description: '', source: 'side' });
    await review(reviewer, 'approve');
  });

  const push = (content: string) =>
    vault.writer.replace(vault.caller, dataset, record, { content }, { branch: 'side' });
  const review = async (who: Principal, decision: 'approve' | 'request_changes') => {
    const { commit } = await vault.records.snapshot(who, dataset, 'side');
    return reviews.review(who, dataset, request.id, { decision, note: '', commitId: commit.id });
  };
  /** Merges, and does something else between the plan of the merge and its commit. */
  const merge = (meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<MergeRequest> => {
    const merges = {
      merge: async (...[caller, id, from, ask, terms]: Parameters<MergesService['merge']>) => {
        await meanwhile();
        return vault.merging.merge(caller, id, from, ask, terms);
      },
    } as MergesService;
    const { database, refs } = vault;
    const merger = new RequestMerger({ database, refs, requests, rows, sight, merges });
    return merger.merge(vault.caller, dataset, request.id, {});
  };
  const content = async (): Promise<string> => (await vault.records.get(vault.caller, dataset, record)).content;

  it('are merged as they were approved, and say by whom', async () => {
    const merged = await merge();
    expect(merged).toMatchObject({ status: 'merged', outcome: { approvedBy: [reviewer.id], required: 1 } });
    const commit = await vault.history.get(vault.caller, dataset, merged.outcome!.commitId);
    expect(commit.message.split('\n')).toEqual([
      'Say more',
      '',
      `Merge-Request: ${showId('mr', request.id)}`,
      `Approved-By: ${showId('usr', reviewer.id)}`,
    ]);
    expect(await content()).toBe('"approved"');
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['something is pushed', 'version-conflict', () => push('sneaked in')],
    ['somebody asks for changes', 'changes-requested', () => review({ ...reviewer, id: newId() }, 'request_changes')],
    [
      'the branch asks for more',
      'approvals-missing',
      () => vault.naming.protect(vault.caller, dataset, 'main', { isProtected: true, requiredApprovals: 2 }),
    ],
    [
      'the approval is dismissed',
      'approvals-missing',
      async () => {
        const { items } = await reviews.list(vault.caller, dataset, request.id, { limit: 1 });
        const reviewId = items[0]!.id;
        await reviews.dismiss(vault.caller, { datasetId: dataset, id: request.id, reviewId }, 'It was a mistake');
      },
    ],
    ['it is closed', 'merge-request-ended', () => requests.close(vault.caller, dataset, request.id)],
    ['it is merged', 'merge-request-ended', () => merge()],
  ])('are not merged when meanwhile %s', async (_, code, meanwhile) => {
    await expect(merge(meanwhile)).rejects.toMatchObject({ code });
    const [merged] = (await requests.list(vault.caller, dataset, { status: 'merged', limit: 1 })).items;
    expect(await content()).toBe(merged ? '"approved"' : '"one"');
  });

  it('are the only way onto a branch that asks for approvals', async () => {
    const { caller, merging } = vault;
    const refused = { code: 'branch-protected' };
    await expect(merging.merge(caller, dataset, 'side', PLAIN)).rejects.toMatchObject(refused);
    const terms: Terms = { admit: () => Promise.resolve('On terms'), done: () => Promise.resolve() };
    const { commit } = await merging.merge(caller, dataset, 'side', PLAIN, terms);
    expect(commit!.message).toBe('On terms');
  });

  it('are not approved by who made a commit of them, wherever it was made', async () => {
    const author = { ...vault.caller, id: newId() };
    await vault.naming.create(vault.caller, dataset, 'further', 'side');
    await vault.writer.create(author, dataset, { content: 'more' }, { branch: 'further' });
    await vault.merging.merge(vault.caller, dataset, 'further', { ...PLAIN, branch: 'side' });
    await expect(review(author, 'approve')).rejects.toMatchObject({ code: 'review-own' });
    await review(reviewer, 'approve');
    expect((await merge()).outcome!.changes).toMatchObject({ added: 1, changed: 1 });
    // What is part of the target already makes nobody an author.
    await vault.naming.create(vault.caller, dataset, 'next');
    await vault.writer.create(reviewer, dataset, { content: 'next' }, { branch: 'next' });
    request = await requests.open(reviewer, dataset, { title: 'Next', description: '', source: 'next' });
    const { commit } = await vault.records.snapshot(author, dataset, 'next');
    const said = { decision: 'approve', note: '', commitId: commit.id } as const;
    expect(await reviews.review(author, dataset, request.id, said)).toMatchObject({ ordinal: 1 });
  });
});
