using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// Hands suspended deposits on, each once: to a user's wallet or back to the sender. One transaction at a time, from an
/// account of its own, so that nobody else's sequence number is touched. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.ISuspenseGrain"), ForOperators]
public interface ISuspenseGrain : IWakeable, IPlatformAccountGrain, IParkedRowsOwner
{
    /// <summary>The only key.</summary>
    const string Key = "plt_suspense";

    /// <summary>Pays a deposit to a user's wallet. The same again returns without doing it again.</summary>
    /// <param name="depositId">The deposit, <c>sus_…</c>.</param>
    /// <param name="operatorId">Who decides it.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="address">The address of the user's wallet.</param>
    /// <param name="cancellationToken">Cancels the call, not what it has stored.</param>
    /// <returns>
    /// The deposit's id; or <c>suspense_not_found</c>, <c>suspense_decided</c>, <c>suspense_busy</c>,
    /// <c>release_refused</c>, <c>network_halted</c>, <c>network_unavailable</c>.
    /// </returns>
    [Alias("Assign"), AlwaysInterleave]
    Task<Result<string>> AssignAsync(
        string depositId, UserId operatorId, UserId user, string address, CancellationToken cancellationToken = default);

    /// <summary>Pays a deposit back to its sender, to the muxed address where it came from one.</summary>
    [Alias("Return"), AlwaysInterleave]
    Task<Result<string>> ReturnAsync(string depositId, UserId operatorId, CancellationToken cancellationToken = default);

    /// <summary>Leaves a deposit where it is, as the platform's own money.</summary>
    [Alias("Keep")]
    Task<Result<string>> KeepAsync(string depositId, UserId operatorId, CancellationToken cancellationToken = default);
}
