/** A generated file: where it stands, relative to the root, and all that it must contain. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}
