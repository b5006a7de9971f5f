using Microsoft.Extensions.Options;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Costs;

/// <summary>
/// What a payment costs its payer when his day's free operations are used up: an operation more in the same transaction, in the asset
/// that leaves his wallet. In the wallet's turns.
/// </summary>
internal sealed class OperationFees(IOptions<CostOptions> options, OperationPrices prices)
{
    // Others may be quoted between the question whether a fee is near and the turn that decides.
    private const int Near = 16;
    private const int MostRefused = 50;
    private const string Code = "free_operations_used";

    private static readonly Error TryAgain = new(ErrorKind.Unavailable, "network_busy",
        "Many payments are made at once, and of this one it is not known yet what it costs. Nothing was changed. Please try again.");

    private readonly FreeOperations _free = options.Value.FreeOperations;
    private readonly long _units = Amount.TryParseStroops(options.Value.OperationFee, out var units)
        ? units
        : throw new InvalidOperationException($"Costs: '{options.Value.OperationFee}' is not an amount.");

    /// <summary>How many operations a wallet has free in a day.</summary>
    public int FreeOf(WalletState state) => _free.Of(state.Tier);

    /// <summary>
    /// How many of them are used: those of payments without a fee that were signed today, and that may yet be.
    /// </summary>
    public static int Used(WalletState state, DateTimeOffset now) => UserDay.Read(state, now).Operations + state.Payments
        .Where(payment => payment is { Fee: null, Signings: 0, Status: PaymentStatus.Pending or PaymentStatus.Queued })
        .Sum(payment => PaymentKinds.Of(payment).Operations);

    /// <summary>Whether the next payments may cost a fee, so that it is worth to know to whom it is paid.</summary>
    public bool IsNear(WalletState state, DateTimeOffset now) => Used(state, now) + Near > FreeOf(state);

    /// <summary>What a payment costs its payer, or why it cannot be made; both null where it costs nothing.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="kind">The payment's kind.</param>
    /// <param name="facts">What was asked for it.</param>
    /// <param name="worth">What it is worth.</param>
    /// <param name="now">Business time.</param>
    public (PaymentFee? Fee, Error? Refusal) Of(
        WalletState state, IPaymentKind kind, QuoteFacts facts, PaymentWorth worth, DateTimeOffset now)
    {
        var (free, terms) = (FreeOf(state), facts.Terms);
        if (!kind.HasMinimum || worth.Price is not { } price || Used(state, now) + kind.Operations <= free)
        {
            return default;
        }

        // What fails on the ledger pays no fee, and costs the platform as much.
        if (UserDay.Read(state, now).Refused >= MostRefused)
        {
            return (null, new Error(ErrorKind.RateLimited, Code,
                $"The day's free payments are used up, and {MostRefused} operations of others have failed. There is room again at 00:00 UTC.",
                RetryAfter: UserDay.UntilTomorrow(now)));
        }

        if (facts.FeePlace is not { } place)
        {
            return (null, TryAgain);
        }

        // The fee's own operation is paid for too.
        var cost = worth.XlmPrice is { } xlm ? ReferenceAmount.Of(prices.CostOf(kind.Operations + 1), xlm) : 0;
        var units = Math.Max(checked(_units * kind.Operations), cost ?? long.MaxValue);
        if (place.Address is not { } to || ReferenceAmount.StroopsFor(units, price) is not { } stroops)
        {
            return (null, UsedUp(free, terms, now));
        }

        if (stroops == 0)
        {
            return default;
        }

        return stroops > WalletBalances.Spendable(state, terms.Leaving.Canonical) - terms.LeavingStroops
            ? (null, TooLittle(stroops, terms))
            : (new PaymentFee(stroops, to), null);
    }

    private static Error TooLittle(long stroops, QuoteTerms terms) => new(ErrorKind.Refused, "insufficient_funds",
        $"The day's free payments are used up. This one costs a fee of {Amount.Format(stroops)} {terms.Leaving.Code}, and the wallet has "
        + "not enough to spend for both.", "amount");

    private static Error UsedUp(int free, QuoteTerms terms, DateTimeOffset now) => new(ErrorKind.RateLimited, Code,
        $"Payments may use {free} operations of the network a day without a fee, and no fee can be taken in {terms.Leaving.Code}. "
        + "There is room again at 00:00 UTC.", RetryAfter: UserDay.UntilTomorrow(now));
}

/// <summary>What a payment costs its payer besides its amount.</summary>
/// <param name="Stroops">How much of the asset that leaves the wallet.</param>
/// <param name="To">The account that gets it.</param>
[GenerateSerializer, Immutable, Alias("sp.PaymentFee")]
internal sealed record PaymentFee([property: Id(0)] long Stroops, [property: Id(1)] string To)
{
    /// <summary>To whom the operation belongs that pays a payment's fee.</summary>
    public static string SubjectOf(string payment) => $"fee:{payment}";
}
