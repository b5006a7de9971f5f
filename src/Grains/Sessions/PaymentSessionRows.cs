using System.Globalization;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Which parts of a session's state are rows of their own: payments, refunds and where they go, and what its merchant says of the sale.
/// </summary>
internal static class PaymentSessionRows
{
    /// <summary>The row of what the merchant says.</summary>
    public const string Details = "details";

    private const string Payment = "op_";
    private const string Refund = "re_";
    private const string Address = "ra_";

    /// <summary>Fills the state with the rows that were read with it.</summary>
    /// <exception cref="InvalidOperationException">A row is of a kind that a later version stores.</exception>
    public static void Take(PaymentSessionState state)
    {
        if (state.Rows?.Stored is not { } stored)
        {
            return;
        }

        state.Rows = null;
        foreach (var (key, row) in stored)
        {
            if (key == Details)
            {
                state.Details = RowDiff.Read<SaleDetails>(state, key, row);
            }
            else if (key.StartsWith(Payment, StringComparison.Ordinal))
            {
                state.Payments.Add(RowDiff.Read<SessionPayment>(state, key, row));
            }
            else if (key.StartsWith(Refund, StringComparison.Ordinal))
            {
                state.Refunds.Add(RowDiff.Read<RefundRecord>(state, key, row));
            }
            else if (key.StartsWith(Address, StringComparison.Ordinal))
            {
                state.RefundAddresses.Add(RowDiff.Read<RefundAddress>(state, key, row));
            }
            else
            {
                throw new InvalidOperationException($"A session of {state.Merchant} has a row {key}, which this version does not know.");
            }
        }

        state.Refunds.Sort((one, other) => one.Number.CompareTo(other.Number));
        state.Payments.Sort((one, other) => (one.Token, one.Number).CompareTo((other.Token, other.Number)));
    }

    /// <summary>Puts into the state what its next write does to the rows.</summary>
    public static void Put(PaymentSessionState state) => RowDiff.Write(state, All(state));

    private static IEnumerable<KeyValuePair<string, object>> All(PaymentSessionState state)
    {
        foreach (var payment in state.Payments)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{Payment}{payment.Token}_{payment.Number}"), payment);
        }

        foreach (var refund in state.Refunds)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{Refund}{refund.Number:00}"), refund);
        }

        foreach (var address in state.RefundAddresses)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{Address}{address.Payment.Token}_{address.Payment.Number}"), address);
        }

        if (state.Details is { } details)
        {
            yield return new(Details, details);
        }
    }
}
