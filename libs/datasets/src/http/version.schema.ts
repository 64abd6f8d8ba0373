import { z } from 'zod';
import { pageOf, PageQuery } from '#rest';
import { signingKey } from '../commit-signature.ts';
import { Ref, text } from './wire.ts';

/** A name for a branch or a tag: nothing that could be taken for a commit or a time. */
const RefName = text(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, { message: 'Expected letters, digits, and . _ / - after the first' })
  .refine((name) => !name.startsWith('cm_'), { message: 'Commits alone begin with cm_' });

export const NewBranch = z
  .strictObject({ name: RefName, from: Ref.describe('Where it begins; the default branch when left out') })
  .meta({ id: 'NewBranch', example: { name: 'cleaning' } });
export type NewBranch = z.infer<typeof NewBranch>;

export const Protection = z
  .strictObject({
    protected: z.boolean(),
    required_approvals: z
      .int()
      .min(0)
      .max(6)
      .optional()
      .describe('More than none, and the branch takes merge requests alone; as many as before when left out'),
  })
  .refine((body) => body.protected || !body.required_approvals, {
    path: ['required_approvals'],
    message: 'Expected a branch that is protected',
  })
  .meta({ id: 'BranchProtection', example: { protected: false } });
export type Protection = z.infer<typeof Protection>;

export const Reset = z
  .strictObject({ to: z.string().min(1).max(255).describe('Branch, tag, commit or time') })
  .meta({ id: 'BranchReset', example: { to: 'main' } });
export type Reset = z.infer<typeof Reset>;

export const NewTag = z
  .strictObject({ name: RefName, ref: Ref, message: text(4096).optional() })
  .meta({ id: 'NewTag', example: { name: 'v1.0', message: 'What the first model was trained on' } });
export type NewTag = z.infer<typeof NewTag>;

export const BranchView = z
  .object({
    name: z.string(),
    head_commit_id: z.string(),
    begins_at: z.string().nullable().describe('The commit it began at; null for the first branch of a dataset'),
    protected: z.boolean(),
    required_approvals: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'Branch' });
export const BranchPage = pageOf(BranchView, 'BranchPage');

export const TagView = z
  .object({
    name: z.string(),
    commit_id: z.string(),
    message: z.string(),
    created_by: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'Tag' });
export const TagPage = pageOf(TagView, 'TagPage');

const StatisticsOfCommit = z
  .object({
    records: z.int(),
    bytes: z.int(),
    findings_by_type: z.record(z.string(), z.int()),
    findings_by_risk: z.record(z.string(), z.int()),
    records_by_risk: z.record(z.string(), z.int()),
  })
  .describe('Of everything visible at this commit');

/** 64 bytes: 86 characters and the two that fill up. */
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

export const NewSignature = z
  .strictObject({
    public_key: text(200)
      .refine((pem) => signingKey(pem) !== null, { message: 'Expected a public key of Ed25519 as PEM' })
      .describe('Ed25519, as PEM (RFC 8410)'),
    signature: z
      .string()
      .regex(SIGNATURE, { message: 'Expected 64 bytes in base64' })
      .describe(
        'Over three lines: vault/commit-signature/v1, the id of the commit, and its hash; each with a line feed',
      ),
  })
  .meta({
    id: 'NewCommitSignature',
    example: {
      public_key:
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n',
      signature: `${'A'.repeat(86)}==`,
    },
  });
export type NewSignature = z.infer<typeof NewSignature>;

const SignatureView = z
  .object({
    algorithm: z.literal('Ed25519'),
    public_key: z.string(),
    key_fingerprint: z.string().describe('SHA-256 over the key in DER, base64'),
    signature: z.string(),
    signed_at: z.string(),
  })
  .nullable()
  .describe('Of whoever made it; null where it is not signed');

export const CommitView = z
  .object({
    id: z.string(),
    parent_ids: z.array(z.string()),
    author_id: z.string(),
    message: z.string(),
    merkle_root: z.string().describe('RFC 6962 root over the leaves of the added records, hex'),
    hash: z.string().describe('Over parents, root, author, message and time, hex'),
    added: z.int(),
    changed: z.int(),
    removed: z.int(),
    records: z.int().describe('Records visible at this commit'),
    statistics: StatisticsOfCommit,
    signature: SignatureView,
    published_at: z.string(),
  })
  .meta({ id: 'Commit' });

export const CommitPage = pageOf(CommitView, 'CommitPage');

export const CommitQuery = PageQuery.extend({
  ref: Ref.describe('Only the history of this branch, tag or commit; all branches when left out'),
});

const FromRef = Ref.describe('The parent of the other side when left out');

export const DiffQuery = PageQuery.extend({
  from: FromRef,
  to: Ref,
  count: z.literal('exact').optional().describe('Counts all differences too'),
});

export const DiffView = z
  .object({
    from: z.string(),
    to: z.string(),
    items: z.array(
      z.object({
        id: z.string(),
        change: z.enum(['added', 'changed', 'removed']),
        from_version: z.string().nullable().describe('ETag of the version before'),
        to_version: z.string().nullable(),
        fields: z
          .array(z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']) }))
          .describe('Where a changed record differs, up to 100 places: RFC 6901, below /content, /metadata and so on'),
      }),
    ),
    statistics: z.object({ added: z.int(), changed: z.int(), removed: z.int() }).optional(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'Diff' });

export const PiiDiffQuery = z.strictObject({ from: FromRef, to: Ref });

const riskOf = z.string().describe('The highest there is');

export const PiiDiffView = z
  .object({
    from: z.object({
      commit_id: z.string(),
      records: z.int(),
      risk_level: riskOf,
      records_by_risk: z.record(z.string(), z.int()),
    }),
    to: z.object({
      commit_id: z.string(),
      records: z.int(),
      risk_level: riskOf,
      records_by_risk: z.record(z.string(), z.int()),
    }),
    types: z.array(
      z.object({
        type: z.string(),
        from: z.int().describe('How often it was found before'),
        to: z.int(),
        change: z.enum(['new', 'gone', 'more', 'fewer', 'same']),
      }),
    ),
  })
  .meta({ id: 'PiiDiff' });
