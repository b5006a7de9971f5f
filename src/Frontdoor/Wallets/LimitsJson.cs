using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>What a wallet may move, counted in a reference currency at the rates of the time of each payment.</summary>
/// <param name="Object">Always <c>limits</c>.</param>
/// <param name="Currency">The reference currency, <c>USD</c>.</param>
/// <param name="Tier">How well the owner is known, 0 to 3.</param>
/// <param name="Payment">The most of one payment, as a decimal string.</param>
/// <param name="Daily">What payments of any 24 hours may move.</param>
/// <param name="Monthly">What payments of any 30 days may move.</param>
/// <param name="Minimum">
/// The least that a payment must be worth, as a decimal string; more than that while the network is full and an operation costs more.
/// </param>
/// <param name="FreeOperations">How many operations of the network are free today; after them each costs a fee.</param>
internal sealed record LimitsJson(
    string Object, string Currency, int Tier, string Payment, LimitUsageJson Daily, LimitUsageJson Monthly, string Minimum,
    FreeOperationsJson FreeOperations)
{
    public static LimitsJson Of(WalletLimits limits) => new(
        "limits",
        limits.Currency,
        limits.Tier,
        Amount.Format(limits.Payment),
        LimitUsageJson.Of(limits.Daily),
        LimitUsageJson.Of(limits.Monthly),
        Amount.Format(limits.Minimum),
        FreeOperationsJson.Of(limits));
}

/// <summary>Operations of payments that cost no fee: a payment has one, one that waits as a claimable balance three.</summary>
/// <param name="Limit">How many there are a day, from 00:00 UTC.</param>
/// <param name="Used">How many are used.</param>
/// <param name="Left">How many are left.</param>
internal sealed record FreeOperationsJson(int Limit, int Used, int Left)
{
    public static FreeOperationsJson Of(WalletLimits limits) => new(
        limits.FreeOperations, limits.OperationsUsed, Math.Max(0, limits.FreeOperations - limits.OperationsUsed));
}

/// <summary>A rolling limit; amounts are decimal strings of the reference currency.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Used">What counts against it now.</param>
/// <param name="Left">What may still be moved.</param>
internal sealed record LimitUsageJson(string Limit, string Used, string Left)
{
    public static LimitUsageJson Of(LimitUsage usage) =>
        new(Amount.Format(usage.Limit), Amount.Format(usage.Used), Amount.Format(usage.Left));
}
