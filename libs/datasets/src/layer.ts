/** What of one branch is visible at a commit: the seqs up to `visible`, without `hidden`. */
export interface Layer {
  branchId: string;
  commitId: string;
  visible: number;
  hidden: number[];
  /** On a branch each commit is later than the one before: this is its place in history. ISO 8601. */
  publishedAt: string;
}
