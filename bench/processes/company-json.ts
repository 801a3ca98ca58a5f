/** What a developer writes by hand behind a SOAP client, so that every contender answers the same JSON. */
export interface LegacyCompany {
  readonly id: string;
  readonly RegNo: string;
  readonly NameKh: string;
  readonly NameEn: string;
  readonly Status: string;
  readonly RegDate: string;
  readonly Capital: string;
  readonly Address: { readonly Street: string; readonly City: string };
}

const STATUSES: Readonly<Record<string, string>> = { A: 'active', D: 'dissolved' };

export function companyJson(company: LegacyCompany): Readonly<Record<string, string | undefined>> {
  const [day, month, year] = company.RegDate.split('/');
  return {
    id: company.id,
    registrationNumber: company.RegNo,
    nameKhmer: company.NameKh,
    nameLatin: company.NameEn,
    status: STATUSES[company.Status],
    registeredOn: `${year}-${month}-${day}`,
    capitalRiel: company.Capital,
    street: company.Address.Street,
    city: company.Address.City,
  };
}
