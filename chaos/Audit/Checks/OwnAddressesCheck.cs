using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// What came to a session's own address went to its merchant in the session's name and nowhere else, all of it; and the account is gone
/// once the session has ended, with its reserve.
/// </summary>
internal static class OwnAddressesCheck
{
    private const string Rule = "own address";
    private const string Open = "created";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var owners = evidence.Database.Merchants.OwnAddresses;
        var sessions = evidence.Merchants
            .SelectMany(merchant => merchant.Sessions.Select(session => (Merchant: merchant, Session: session)))
            .ToDictionary(each => each.Session.Id, StringComparer.Ordinal);
        var came = evidence.Ledger.Operations.Where(operation => operation.Successful && owners.ContainsKey(operation.To ?? ""))
            .ToLookup(operation => operation.To!, StringComparer.Ordinal);
        var left = evidence.Ledger.Operations.Where(operation => operation.Successful && owners.ContainsKey(operation.From ?? ""))
            .ToLookup(operation => operation.From!, StringComparer.Ordinal);
        foreach (var (address, id) in owners)
        {
            if (!sessions.TryGetValue(id, out var sale))
            {
                yield return new Finding(Rule, id, $"has the address {address}, and is no merchant's session");
                continue;
            }

            foreach (var wrong in left[address].Where(operation => operation.Sent.Stroops > 0
                && (operation.To != sale.Merchant.Address || operation.Memo != id)))
            {
                yield return new Finding(Rule, id, $"its account pays {wrong.Sent} to {wrong.To} with the memo '{wrong.Memo}' (operation {wrong.Id})");
            }

            foreach (var asset in came[address].Select(operation => operation.Received.Asset).Distinct(StringComparer.Ordinal))
            {
                var brought = came[address].Where(operation => operation.Received.Asset == asset)
                    .Sum(operation => operation.Received.Stroops);
                var taken = left[address].Where(operation => operation.Sent.Asset == asset).Sum(operation => operation.Sent.Stroops);
                if (brought != taken)
                {
                    yield return new Finding(Rule, id, $"{brought} stroops of {asset} came to its account, and {taken} of it left");
                }
            }

            if (sale.Session.Status != Open && evidence.Ledger.Accounts.ContainsKey(address))
            {
                yield return new Finding(Rule, id, $"is {sale.Session.Status}, and its account {address} is still there");
            }
        }
    }
}
