using StellarPay.Grains.Network;

namespace StellarPay.Grains.Accounts;

/// <summary>What signing needs of the outside, fetched beside the turns.</summary>
/// <param name="Latest">A ledger that was the network's latest a moment ago: the transaction's last moment counts from it.</param>
/// <param name="Sequence">The account's sequence number, for where its owner itself does not know it.</param>
/// <param name="Payer">The fee account that pays; null where the account itself does.</param>
/// <param name="Sponsor">The platform account that carries a reserve, where one is needed; else null.</param>
internal sealed record SigningFacts(LedgerClose Latest, long Sequence, string? Payer, string? Sponsor);
