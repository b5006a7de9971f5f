using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>Which parts of a merchant's state are rows of their own: what it is to pay back.</summary>
internal static class MerchantRows
{
    private const string Order = "ro_";

    /// <summary>Fills the state with the rows that were read with it.</summary>
    /// <exception cref="InvalidOperationException">A row is of a kind that a later version stores.</exception>
    public static void Take(MerchantState state)
    {
        if (state.Rows?.Stored is not { } stored)
        {
            return;
        }

        state.Rows = null;
        foreach (var (key, row) in stored)
        {
            state.RefundOrders.Add(key.StartsWith(Order, StringComparison.Ordinal)
                ? RowDiff.Read<RefundOrderRecord>(state, key, row)
                : throw new InvalidOperationException($"Merchant {state.Address} has a row {key}, which this version does not know."));
        }

        state.RefundOrders.Sort((one, other) =>
            (one.At, one.Refund, one.Leg).CompareTo((other.At, other.Refund, other.Leg)));
    }

    /// <summary>Puts into the state what its next write does to the rows.</summary>
    public static void Put(MerchantState state) => RowDiff.Write(
        state, state.RefundOrders.Select(order => new KeyValuePair<string, object>(Order + order.Subject(), order)));

    /// <summary>The sessions that the write under way tells something.</summary>
    public static string[] Receivers(MerchantState state) => state.Inbox is { Sent.Count: > 0 } marks
        ? [.. marks.Sent.Where(row => row.Kind == PaymentSessionState.Name).Select(row => row.Key).Distinct(StringComparer.Ordinal)]
        : [];
}
