/** The register's invented companies. Names and people are made up. */
export interface Company {
  readonly number: string;
  /** XML text: the old system writes part of its Khmer as character references. */
  readonly nameKh: string;
  readonly nameEn?: string;
  readonly status: 'A' | 'D';
  readonly registered: string;
  readonly capital: string;
  readonly directors: readonly { readonly name: string; readonly since?: string }[];
  /** Absent, empty, nil or a text: the old system tells all four apart. */
  readonly remarks?: string | null;
  readonly phone?: string;
}

export const COMPANIES: readonly Company[] = [
  {
    number: '00012345',
    nameKh: '&#6016;&#6098;&#6042;&#6075;&#6040;&#6048;&#6090;&#6075;&#6035; ខ្មែរ',
    nameEn: 'Khmer Trading &amp; Co',
    status: 'A',
    registered: '01/03/2009',
    capital: '12345678901234567.10',
    directors: [{ name: 'Sok Dara', since: '2010-01-15' }, { name: 'ចាន់ ស្រីមុំ' }],
    remarks: '',
  },
  {
    number: '00000007',
    nameKh: 'ហាង ៧',
    status: 'D',
    registered: '31/12/1999',
    capital: '0.00',
    directors: [],
    remarks: null,
  },
  {
    number: '00100200',
    nameKh: 'សំណង់ អង្គរ',
    nameEn: 'Angkor Construction Khmer',
    status: 'A',
    registered: '29/02/2016',
    capital: '4000000.00',
    directors: [{ name: 'Keo Pisey', since: '2016-02-29' }],
    remarks: 'Audited',
    phone: '012 345 678',
  },
  ...[
    ['00200001', 'អង្ករ មាស', 'Golden Rice Mill'],
    ['00200002', 'ដឹកជញ្ជូន មេគង្គ', 'Mekong Transport'],
    ['00200003', 'សៀវភៅ ចំណេះ', 'Knowledge Books'],
    ['00200004', 'កាហ្វេ មណ្ឌលគិរី', 'Mondulkiri Coffee'],
    ['00200005', 'ម្រេច កំពត', 'Kampot Pepper'],
    ['00200006', 'សូត្រ បាត់ដំបង', 'Battambang Silk'],
    ['00200007', 'ស្ករ ត្នោត', 'Palm Sugar Works'],
    ['00200008', 'គ្រឿងសង្ហារឹម', 'Khmer Furniture'],
  ].map(
    ([number = '', nameKh = '', nameEn = '']): Company => ({
      number,
      nameKh,
      nameEn,
      status: 'A',
      registered: '15/06/2015',
      capital: '500000',
      directors: [{ name: 'Chea Sophal' }],
    }),
  ),
];
