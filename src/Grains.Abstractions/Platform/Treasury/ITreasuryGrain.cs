using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>
/// The account from which the platform's other accounts get their XLM, so that an operator funds one address only. It
/// pays nobody else, one transaction at a time, and calls no other grain. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.ITreasuryGrain"), GrainsOnly]
public interface ITreasuryGrain : IWakeable, IPlatformAccountGrain
{
    /// <summary>The only key.</summary>
    const string Key = "plt_treasury";

    /// <summary>
    /// Sends XLM to another account of the platform that has too little, and creates it where the ledger has none. The
    /// address is the stored one, not the caller's. The same again, while that is under way, returns the same.
    /// </summary>
    /// <param name="account">The key of the account's grain, such as <c>plt_fees_00</c>.</param>
    /// <param name="cancellationToken">Cancels the call, not what it has stored.</param>
    /// <returns>
    /// The hash of the transaction that is under way, in lower-case hex; or <c>top_up_refused</c>, <c>top_up_needless</c>,
    /// <c>top_up_too_soon</c> (an account gets one in ten minutes), <c>top_up_budget_used</c> (all of them get so much in a day),
    /// <c>treasury_busy</c>, <c>platform_account_unfunded</c>,
    /// <c>network_halted</c>, <c>network_unavailable</c>, <c>network_slow</c>, <c>keys_unavailable</c>.
    /// </returns>
    [Alias("TopUp"), AlsoHosts, AlwaysInterleave]
    Task<Result<string>> TopUpAsync(string account, CancellationToken cancellationToken = default);
}
