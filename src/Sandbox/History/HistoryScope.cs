using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.History;

/// <summary>Whose history is asked for: everyone's, or that of one account, claimable balance or offer.</summary>
internal readonly record struct HistoryScope(AccountId? Account = null, Hash? Balance = null, long? Offer = null);
