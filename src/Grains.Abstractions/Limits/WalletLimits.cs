namespace StellarPay.Grains.Limits;

/// <summary>
/// What a wallet may move, and has moved. Amounts are ten-millionths of the reference currency, at the rates of the time
/// of each payment.
/// </summary>
/// <param name="Currency">The reference currency, <c>USD</c>.</param>
/// <param name="Tier">How well the owner is known, 0 to 3.</param>
/// <param name="Payment">The most of one payment.</param>
/// <param name="Daily">What payments of any 24 hours may move.</param>
/// <param name="Monthly">What payments of any 30 days may move.</param>
/// <param name="Minimum">The least of one payment; while the network is full it is more where a payment would cost more.</param>
/// <param name="FreeOperations">How many operations of the network payments have in a day (UTC) without a fee.</param>
/// <param name="OperationsUsed">How many of them are used, or promised to payments that are not signed yet.</param>
[GenerateSerializer, Immutable, Alias("sp.WalletLimits")]
public sealed record WalletLimits(
    [property: Id(0)] string Currency,
    [property: Id(1)] int Tier,
    [property: Id(2)] long Payment,
    [property: Id(3)] LimitUsage Daily,
    [property: Id(4)] LimitUsage Monthly,
    [property: Id(5)] long Minimum = 0,
    [property: Id(6)] int FreeOperations = 0,
    [property: Id(7)] int OperationsUsed = 0);

/// <summary>A rolling limit, in ten-millionths of the reference currency.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Used">What counts against it now; more than the limit where the tier was lowered.</param>
/// <param name="Left">What may still be moved.</param>
[GenerateSerializer, Immutable, Alias("sp.LimitUsage")]
public sealed record LimitUsage(
    [property: Id(0)] long Limit,
    [property: Id(1)] long Used,
    [property: Id(2)] long Left);
