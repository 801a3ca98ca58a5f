/** Something that a check found: a mistake has to be mended, a warning to be thought about. */
export interface Finding {
  readonly severity: 'mistake' | 'warning';
  /** Inside the adapter: `operations.getCompany.output.name`. */
  readonly place: string;
  readonly message: string;
}
