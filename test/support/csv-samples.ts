/** What is right for each CSV file of the samples, by their sources. */

/** How a sample is written, where it is not comma-separated UTF-8 with a header in its first line. */
export interface SampleDialect {
  readonly charset?: string;
  readonly separator?: string;
  readonly comment?: string;
  readonly preamble?: number;
}

/** The rows that each file's source says it has, behind the header; where it says none, the peer below tells. */
export const CSV_READ: readonly (readonly [name: string, dialect: SampleDialect, rows?: number])[] = [
  ['csvkit-FY09_EDU_Recipients_by_State.csv', {}, 53],
  ['csvkit-mac_newlines.csv', {}],
  ['csvkit-test_header_newline.csv', {}],
  ['csvkit-test_latin1.csv', { charset: 'windows-1252' }],
  ['csvkit-test_locale.csv', {}],
  ['csvkit-test_utf16_big.csv', {}],
  ['csvkit-testfixed_schema.csv', {}],
  ['csvlint-cr-line-endings.csv', {}],
  ['csvlint-title-row.csv', { preamble: 1 }],
  ['csvlint-windows-line-endings.csv', {}],
  ['dt-1680-fread-header-encoding.csv', { charset: 'windows-1252', separator: ';' }],
  ['dt-doublequote_newline.csv', {}],
  ['dt-russellCRLF.csv', { charset: 'windows-1252' }],
  ['dt-utf16be.txt', {}],
  ['frictionless-blank-cells.csv', {}],
  ['frictionless-blank-rows.csv', {}],
  ['frictionless-bom.csv', {}],
  ['frictionless-duplicate-headers.csv', {}],
  ['frictionless-issue-1009-semicolon.csv', { separator: ';' }],
  ['frictionless-matrix-with-comment.csv', { comment: '#' }],
  ['frictionless-nested.csv', {}],
  ['frictionless-numeric-labels.csv', {}],
  ['frictionless-skip-blank-at-the-end.csv', { comment: '#' }],
  ['frictionless-table-infer-iso-8859-7.csv', { charset: 'iso-8859-7' }],
  ['frictionless-without-rows.csv', {}, 0],
  ['kh-demographic_and_health_survey_2010.csv', {}, 24],
  ['kh-hh_with_electricity.csv', { charset: 'macintosh' }, 1621],
  ['kh-kh_provinces.csv', {}, 24],
  ['kh-literacy_rate_province.csv', {}, 24],
  ['messy-example.tsv', { separator: '\t' }, 140],
  ['messy-excel_pasting.csv', { preamble: 3 }],
  ['messy-mixedGLB.csv', {}, 136],
  ['messy-null.csv', {}],
  ['messy-simple.psv', { separator: '|' }, 28],
  ['messy-sparse_with_column_errors.csv', { charset: 'windows-1252' }, 2237],
  ['messy-utf-16le_encoded.csv', {}, 327],
  ['nodecsv-327.cws.csv', { charset: 'windows-1252' }],
  ['nodecsv-365-utf8-bom-windows.csv', {}],
  ['nodecsv-fs_read.csv', { separator: ';' }],
  ['qsv-FCOServices_TransparencySpend_May2011.csv', {}, 4],
  ['qsv-boston311-100.csv', {}, 100],
  ['qsv-spendover25kdownloadSep.csv', {}, 189],
  ['qsv-utf8-japanesedata.csv', {}, 62],
  ['rust-uspop-latin1.csv', { charset: 'windows-1252' }],
  ['w3c-EG.csv', {}, 29],
  ['w3c-HEFCE_organogram_senior_data_31032011.csv', { charset: 'windows-1252' }, 4],
  ['w3c-PLOSone-search-results.csv', {}],
  ['w3c-open_data_-_banes_public_toilets_-_15.09.14_-v3-2.csv', {}, 18],
  ['w3c-test-utf16-bom.csv', {}, 3],
  ['w3c-test-utf8-bom.csv', {}, 3],
];

/** Files that the strict reader refuses, and its words. */
export const CSV_REFUSED: readonly (readonly [name: string, dialect: SampleDialect, message: string])[] = [
  ['csvkit-null_byte.csv', {}, 'A NUL byte stands in a cell (row 2, column "#1", line 2)'],
  ['dt-issue_3400_fread.txt', {}, 'A NUL byte stands in a cell (row 5'],
  ['frictionless-defective-rows.csv', {}, 'A row has 2 cell(s): expected 3 (row 2'],
  ['frictionless-dialect.csv', { separator: '|' }, 'A row has 3 cell(s): expected 2 (row 3'],
  ['frictionless-escaping.csv', {}, 'A quote stands inside an unquoted cell (row 2'],
  ['papa-malformed.tsv', { separator: '\t' }, 'A row has 9 cell(s): expected 8 (row 3'],
  ['kh-hh_with_electricity.csv', {}, 'The bytes are not utf-8 text'],
  ['rust-uspop-latin1.csv', {}, 'The bytes are not utf-8 text (row 4'],
];
