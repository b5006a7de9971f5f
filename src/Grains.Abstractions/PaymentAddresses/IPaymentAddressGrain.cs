using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// An account of a payment session's own, for payers who can set neither memo nor muxed address. What comes to it goes to the session's
/// merchant and nowhere else; then the account is given up. Its key is the session's, <c>pay_…</c>.
/// </summary>
[Alias("sp.IPaymentAddressGrain"), GrainsOnly]
public interface IPaymentAddressGrain : IWakeable, IKeyHolder
{
    /// <summary>
    /// Makes the account's key where there is none, counts it in the merchant's day, and has the account opened by a sponsor. As often as
    /// it likes to come. Waits for the keeper of keys, not for the ledger. Refused as <see cref="Merchants.IMerchantInternal.TakeAddressAsync"/>.
    /// </summary>
    /// <param name="order">What it is for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The address; nobody is to be shown it before the session was told that the account is there.</returns>
    [Alias("Open"), AlwaysInterleave]
    Task<Result<string>> OpenAsync(NewPaymentAddress order, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes in all that ledgers hold by now, and says how it stands; what it tells its session of that is stored by then. Null where there
    /// is no account. Where not all could be taken in, something is awaited.
    /// </summary>
    [Alias("Read")]
    Task<SessionAddress?> ReadAsync();
}

/// <summary>A session's account as other grains see it.</summary>
[Alias("sp.IPaymentAddressInternal"), GrainsOnly]
public interface IPaymentAddressInternal : ILedgerOwner;

/// <summary>A session's account as operators see to what it could not take in.</summary>
[Alias("sp.IPaymentAddressControl"), ForOperators]
public interface IPaymentAddressControl : IParkedRowsOwner, ISetAsideRowsOwner;
