using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet that is closed pays out: an ordinary payment of each asset, within the limits as any other.</summary>
internal sealed class ClosingSweeps(
    WalletLimitRules limits, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>What the wallet holds.</summary>
    public static IReadOnlyList<Amount> Of(WalletState state) =>
    [
        .. state.Balances.Where(held => held.Value.Stroops > 0)
            .Select(held => new Amount(Asset.Parse(held.Key), held.Value.Stroops))
            .OrderBy(held => held.Asset.Canonical, StringComparer.Ordinal),
    ];

    /// <summary>What each is worth in the reference currency, or why that cannot be said. Beside the turns.</summary>
    public async Task<Result<PricedSweep[]>> PriceAsync(
        IReadOnlyList<Amount> sweeps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var priced = new List<PricedSweep>(sweeps.Count);
        foreach (var sweep in sweeps)
        {
            var worth = await limits.WorthAsync(sweep.Asset, sweep.Stroops, now, cancellationToken);
            if (worth.Refusal is not null)
            {
                return worth.Refusal;
            }

            priced.Add(new PricedSweep(sweep, worth.Units, worth.MostFeeStroops));
        }

        return priced.ToArray();
    }

    /// <summary>Why they may not all be paid, or null: each is a payment, and together they count against the day.</summary>
    public Error? Check(IWalletContext wallet, IReadOnlyList<PricedSweep> sweeps)
    {
        var own = limits.Of(wallet);
        var sum = 0L;
        foreach (var sweep in sweeps)
        {
            if (LimitRules.Check(wallet.State, own, sweep.Units, wallet.Now) is { } refusal)
            {
                return refusal;
            }

            sum = long.MaxValue - sum < sweep.Units ? long.MaxValue : sum + sweep.Units!.Value;
        }

        return sweeps.Count > 1 ? LimitRules.Check(wallet.State, own with { Payment = long.MaxValue }, sum, wallet.Now) : null;
    }

    /// <summary>
    /// Confirms a payment of each but for XLM of which the network keeps some as the account's own reserve: that goes with the account.
    /// In a turn; stored with what follows.
    /// </summary>
    public void Pay(IWalletContext wallet, ClosingRecord closing, IReadOnlyList<PricedSweep> sweeps)
    {
        var now = wallet.Now;
        foreach (var sweep in sweeps.Where(each => !each.Amount.Asset.IsNative || wallet.State.OwnReserve is not true))
        {
            var payment = new PaymentRecord
            {
                Id = PaymentId.New(business).Value,
                Status = PaymentStatus.Pending,
                Recipient = closing.Recipient!,
                Destination = closing.Destination!,
                Asset = sweep.Amount.Asset.Canonical,
                Stroops = sweep.Amount.Stroops,
                Memo = closing.Memo,
                LimitUnits = sweep.Units!.Value,
                MostFeeStroops = sweep.MostFeeStroops,
                CreatedAt = now,
                ExpiresAt = now,
                Facts = closing.Facts,
            };
            wallet.Book.Payments.Add(payment);
            wallet.Book.Payments.Queue(payment);
        }
    }
}

/// <summary>Something to pay out.</summary>
/// <param name="Amount">How much of what.</param>
/// <param name="Units">What it is worth, in ten-millionths of the reference currency; null beyond counting.</param>
/// <param name="MostFeeStroops">What is bid for it at most, once the network refused the first bid; null where nobody knows an XLM's worth.</param>
internal sealed record PricedSweep(Amount Amount, long? Units, long? MostFeeStroops);
