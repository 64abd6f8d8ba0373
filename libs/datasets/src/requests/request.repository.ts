import type { Database } from '#database';
import { newId } from '#kernel';
import { MergeRequest, MergeReview, type RequestState } from './merge-request.entity.ts';

export type NewReview = Pick<MergeReview, 'tenantId' | 'requestId' | 'reviewerId' | 'decision' | 'commitId' | 'note'>;

/** Merge requests and their reviews; every method runs in the caller's transaction. */
export class RequestRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(request: Omit<MergeRequest, 'createdAt' | 'endedBy' | 'endedAt' | 'outcome'>): Promise<void> {
    await this.database.repository(MergeRequest).insert(request);
  }

  find(datasetId: string, id: string): Promise<MergeRequest | null> {
    return this.database.repository(MergeRequest).findOneBy({ datasetId, id });
  }

  /** One that nobody else reviews, merges or closes before the transaction ends. */
  hold(datasetId: string, id: string): Promise<MergeRequest | null> {
    return this.database
      .repository(MergeRequest)
      .findOne({ where: { datasetId, id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Newest first. */
  page(
    datasetId: string,
    status: RequestState | undefined,
    limit: number,
    before: string | null,
  ): Promise<MergeRequest[]> {
    const query = this.database
      .repository(MergeRequest)
      .createQueryBuilder('request')
      .where('request.datasetId = :datasetId', { datasetId })
      .orderBy('request.id', 'DESC')
      .limit(limit);
    if (status) query.andWhere('request.status = :status', { status });
    if (before) query.andWhere('request.id < :before', { before });
    return query.getMany();
  }

  async update(
    id: string,
    change: Pick<MergeRequest, 'status' | 'endedBy' | 'endedAt'> & Partial<Pick<MergeRequest, 'outcome'>>,
  ): Promise<void> {
    await this.database.repository(MergeRequest).update(id, change as never);
  }

  /** The request is held. */
  async insertReview(review: NewReview): Promise<MergeReview> {
    const reviews = this.database.repository(MergeReview);
    const id = newId();
    const ordinal = 1 + ((await reviews.maximum('ordinal', { requestId: review.requestId })) ?? 0);
    await reviews.insert({ ...review, id, ordinal });
    return reviews.findOneByOrFail({ id });
  }

  findReview(requestId: string, id: string): Promise<MergeReview | null> {
    return this.database.repository(MergeReview).findOneBy({ requestId, id });
  }

  async dismiss(id: string, dismissedBy: string, dismissReason: string): Promise<void> {
    await this.database.repository(MergeReview).update(id, { dismissedBy, dismissReason });
  }

  /** All that was said, in its order. */
  reviews(requestId: string, limit: number, after: number): Promise<MergeReview[]> {
    return this.database
      .repository(MergeReview)
      .createQueryBuilder('review')
      .where('review.requestId = :requestId AND review.ordinal > :after', { requestId, after })
      .orderBy('review.ordinal')
      .limit(limit)
      .getMany();
  }

  /** The last word of each reviewer that is more than a comment. */
  lastWords(requestId: string): Promise<MergeReview[]> {
    return this.database
      .repository(MergeReview)
      .createQueryBuilder('review')
      .distinctOn(['review.reviewerId'])
      .where(`review.requestId = :requestId AND review.decision <> 'comment'`, { requestId })
      .orderBy('review.reviewerId')
      .addOrderBy('review.ordinal', 'DESC')
      .getMany();
  }
}
