/** As much of an answer as a controller may touch. */
export interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
}
