/** Region codes that AWS puts before a usage type ("USE1-BoxUsage:p5.48xlarge"); none is us-east-1. */
const codes: Record<string, string> = {
  USE1: 'us-east-1',
  USE2: 'us-east-2',
  USW1: 'us-west-1',
  USW2: 'us-west-2',
  UGW1: 'us-gov-west-1',
  UGE1: 'us-gov-east-1',
  CAN1: 'ca-central-1',
  SAE1: 'sa-east-1',
  EU: 'eu-west-1',
  EUW1: 'eu-west-1',
  EUW2: 'eu-west-2',
  EUW3: 'eu-west-3',
  EUC1: 'eu-central-1',
  EUC2: 'eu-central-2',
  EUN1: 'eu-north-1',
  EUS1: 'eu-south-1',
  EUS2: 'eu-south-2',
  APN1: 'ap-northeast-1',
  APN2: 'ap-northeast-2',
  APN3: 'ap-northeast-3',
  APS1: 'ap-southeast-1',
  APS2: 'ap-southeast-2',
  APS3: 'ap-south-1',
  APS4: 'ap-southeast-3',
  APS5: 'ap-south-2',
  APS6: 'ap-southeast-4',
  APE1: 'ap-east-1',
  MES1: 'me-south-1',
  MEC1: 'me-central-1',
  AFS1: 'af-south-1',
  ILC1: 'il-central-1',
};

/** A usage type without its region code, and the region; null where the code is not known. */
export function splitRegion(usageType: string): { region: string | null; rest: string } {
  const [, code = '', rest = ''] = /^([A-Z]{2,4}\d?)-(.+)$/.exec(usageType) ?? [];
  if (codes[code]) return { region: codes[code], rest };
  // Codes of later regions look the same: three letters and a digit.
  if (/^[A-Z]{3}\d$/.test(code)) return { region: null, rest };
  const sold = marketplace.exec(usageType)?.[1];
  return { region: sold ? (codes[sold] ?? null) : 'us-east-1', rest: usageType };
}

/** "MP:USE1_InputTokenCount-Units": sold through the marketplace, with the region a second time. */
const marketplace = /^(?:MP:)?([A-Z]{2,3}\d?)_[A-Za-z]/;

/** Whether a usage type, its region code taken off, is one of the marketplace. */
export function isMarketplace(rest: string): boolean {
  return rest.startsWith('MP:') || marketplace.test(rest);
}
