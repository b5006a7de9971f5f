using Microsoft.Extensions.Options;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Costs;

/// <summary>The least that a payment may be: what is set, and at least what its operations cost the platform now.</summary>
internal sealed class MinimumPayment(IOptions<CostOptions> options, OperationPrices prices)
{
    private readonly long _units = Amount.TryParseStroops(options.Value.MinimumPayment, out var units)
        ? units
        : throw new InvalidOperationException($"Costs: '{options.Value.MinimumPayment}' is not an amount.");

    /// <summary>What is set, in ten-millionths of the reference currency.</summary>
    public long Units => _units;

    /// <summary>Whether a payment is too small, or null.</summary>
    public Error? Check(IPaymentKind kind, QuoteTerms terms, PaymentWorth worth)
    {
        if (!kind.HasMinimum || worth is not { Units: { } units, Price: { } price })
        {
            return null;
        }

        // Without a rate of XLM no more is bid than at first, which is very little.
        var cost = worth.XlmPrice is { } xlm ? ReferenceAmount.Of(prices.CostOf(kind.Operations), xlm) : 0;
        var least = Math.Max(_units, cost ?? long.MaxValue);
        if (units >= least)
        {
            return null;
        }

        var why = least > _units ? ", which is what it costs the platform now" : "";
        var amount = ReferenceAmount.StroopsFor(least, price) is { } stroops
            ? $"; that is {Amount.Format(stroops)} {terms.Leaving.Code}"
            : "";
        return new Error(ErrorKind.Refused, "amount_too_small",
            $"A payment must be worth at least {ReferenceAmount.Exact(least)}{why}{amount}.",
            terms.Path?.SourceStroops is null ? "amount" : "source_amount");
    }
}
