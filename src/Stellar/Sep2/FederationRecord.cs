using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep2;

/// <summary>What a federation server says of an address.</summary>
/// <param name="Account">Where to pay.</param>
/// <param name="Memo">The memo that the payment must carry; none if none is needed.</param>
/// <param name="StellarAddress">The federated address, if the server gave it.</param>
public sealed record FederationRecord(MuxedAccount Account, Memo Memo, string? StellarAddress);
