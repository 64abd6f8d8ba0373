/** Why a record cannot be told in the words of a template. The reason is a constant. */
export class NoFit extends Error {}
