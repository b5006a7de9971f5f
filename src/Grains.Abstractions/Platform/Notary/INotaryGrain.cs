using StellarPay.Grains.Access;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>
/// The account that writes the head of the audit log to the ledger now and then, where whoever has the database cannot change it.
/// It does so by itself, and nobody can ask it to. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.INotaryGrain"), GrainsOnly]
public interface INotaryGrain : IWakeable, IPlatformAccountGrain, IDepositHolder
{
    /// <summary>The only key.</summary>
    const string Key = "plt_notary";
}
