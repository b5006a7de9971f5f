using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.World;

internal sealed partial class FakeLedger
{
    private readonly Dictionary<string, long> _merged = [];

    // Of what operations before it leave: no less may be trusted for than there is.
    private string Limitable(string source, ChangeTrustOperation trust, Dictionary<string, long> spent)
    {
        var asset = trust.Line.Asset!.Value.ToString();
        var left = Accounts[source].Trustlines.TryGetValue(asset, out var line)
            ? line.Balance - spent.GetValueOrDefault(asset)
            : (long?)null;
        return left is null && trust.Limit == 0 ? "op_trust_line_missing" : left > trust.Limit ? "op_invalid_limit" : "op_success";
    }

    // What the operations before it remove is gone by then.
    private string Mergeable(string source, AccountMergeOperation merge, Transaction transaction)
    {
        var removed = transaction.Operations.Select(operation => operation.Body).OfType<ChangeTrustOperation>()
            .Where(trust => trust.Limit == 0).Select(trust => trust.Line.Asset!.Value.ToString());
        return !Accounts.ContainsKey(Address(merge.Destination)) ? "op_no_account"
            : Accounts[source].Trustlines.Keys.Except(removed).Any() ? "op_has_sub_entries" : "op_success";
    }

    private void Merge(string source, AccountMergeOperation merge)
    {
        _merged[source] = Accounts[source].Native;
        Accounts[Address(merge.Destination)].Add("native", _merged[source]);
        Accounts.Remove(source);
    }
}
